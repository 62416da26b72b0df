internal import Glibc

/// A stream that may be a terminal.
enum Terminal {
    case input
    case output
    case error

    private var descriptor: Int32 {
        switch self {
        case .input: STDIN_FILENO
        case .output: STDOUT_FILENO
        case .error: STDERR_FILENO
        }
    }

    var isShown: Bool { isatty(descriptor) == 1 }

    /// Characters in a line; nil where it is no terminal, or one that does not tell.
    var columns: Int? {
        var size = winsize()
        guard isShown, ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }
}
