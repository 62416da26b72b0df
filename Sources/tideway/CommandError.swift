/// What went wrong while a command ran, for people: the thing, what was found, the remedy. Mistakes in the command line itself
/// are `ValidationError`s, which show the usage too.
struct CommandError: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }
}
