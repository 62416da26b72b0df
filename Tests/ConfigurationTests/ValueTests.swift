import Configuration
import Testing

struct ValueTests {
    @Test(arguments: [
        ("500ms", Duration.milliseconds(500)), ("1s", .seconds(1)), ("10m", .seconds(600)), ("2h", .seconds(7200)),
        ("1h30m", .seconds(5400)), ("1.5s", .milliseconds(1500)), ("1d", .seconds(86_400)), ("0s", .zero),
        ("250us", .microseconds(250)),
    ])
    func duration_text_isParsed(text: String, duration: Duration) {
        #expect(TimeLength.parse(text) == duration)
        #expect(TimeLength.parse(TimeLength.text(duration)) == duration)
    }

    @Test(arguments: ["", "5", "-5s", "s", "1 s", "1e3s", "infs", "nans", "5x", "1s2", "99999999999d", "1.2.3s"])
    func duration_wrongText_isNone(text: String) {
        #expect(TimeLength.parse(text) == nil)
    }

    @Test(arguments: [
        ("64MiB", 64 << 20), ("1KiB", 1024), ("1.5GiB", 3 << 29), ("10MB", 10_000_000), ("7B", 7), ("2 GiB", 2 << 30),
        ("0B", 0),
    ])
    func size_text_isParsed(text: String, bytes: Int) {
        #expect(ByteSize.parse(text) == bytes)
        #expect(ByteSize.parse(ByteSize.text(bytes)) == bytes)
    }

    @Test(arguments: ["", "64", "-1B", "MiB", "1e3B", "64mib", "99999999TiB"]) func size_wrongText_isNone(text: String)
    {
        #expect(ByteSize.parse(text) == nil)
    }

    @Test(arguments: [
        ("127.0.0.1:8080", ListenAddress(host: "127.0.0.1", port: 8080)),
        ("[::1]:0", ListenAddress(host: "::1", port: 0)),
        ("localhost:80", ListenAddress(host: "localhost", port: 80)),
    ])
    func address_text_isParsedAndShownAlike(text: String, address: ListenAddress) {
        #expect(ListenAddress(text) == address)
        #expect(address.description == text)
    }

    @Test(arguments: ["", ":80", "a:", "a:-1", "a:+1", "a:65536", "::1:80", "[::1]", "[x]:1", "a b:1"])
    func address_wrongText_isNone(text: String) {
        #expect(ListenAddress(text) == nil)
    }

    @Test(arguments: [
        ("a b", ["a", "b"]), ("  a  'b c' \"d'e\" f\\ g ''", ["a", "b c", "d'e", "f g", ""]), ("a\"b\"c", ["abc"]),
        ("", []),
    ])
    func command_text_isSplitAsAShellDoes(text: String, words: [String]) {
        #expect(CommandWords.split(text) == words)
    }

    @Test(arguments: ["'a", "a\\", "\"a'"]) func command_leftOpen_isNone(text: String) {
        #expect(CommandWords.split(text) == nil)
    }
}
