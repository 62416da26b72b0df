import Foundation
import Glibc
import Testing

@testable import Processes

struct LogRotationTests {
    private let path = FileManager.default.temporaryDirectory.appending(path: "tideway-log-\(UUID().uuidString)").path

    private func append(_ text: String) throws {
        let file = Descriptor(open(path, O_WRONLY | O_CREAT | O_APPEND, 0o600))
        #expect(write(file.number, text, text.utf8.count) == text.utf8.count)
    }

    private func remove() { for suffix in ["", ".1", ".2", ".3"] { unlink(path + suffix) } }

    @Test func rotate_longLog_isCopiedAndCutAndOldOnesMoveOn() throws {
        defer { remove() }
        let rotation = LogRotation(byteLimit: 10, fileCount: 3)
        for text in ["first text", "2nd text..", "third text"] {
            try append("line\n")
            #expect(!rotation.rotate(path))
            try append(text)
            #expect(rotation.rotate(path))
        }
        #expect(fileText(path) == "")
        #expect(fileText(path + ".1") == "third text")
        #expect(fileText(path + ".2") == "2nd text..")
        #expect(fileText(path + ".3") == nil)
    }

    @Test func rotate_oneFileOnly_isCut() throws {
        defer { remove() }
        try append("much too long")
        #expect(LogRotation(byteLimit: 5, fileCount: 1).rotate(path))
        #expect(fileText(path) == "" && fileText(path + ".1") == nil)
    }

    @Test func lastLines_logThatWasJustCut_areThoseOfTheRotatedOne() throws {
        defer { remove() }
        try append((1...20).map { "line \($0)" }.joined(separator: "\n"))
        #expect(LogRotation.lastLines(of: path, count: 2) == ["line 19", "line 20"])
        #expect(LogRotation(byteLimit: 50, fileCount: 2).rotate(path))
        #expect(LogRotation.lastLines(of: path, count: 1) == ["line 20"])
    }
}
