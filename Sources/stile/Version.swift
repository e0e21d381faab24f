/// The version of the program, as `--version` and run records give it.
enum Version {
    static let text = "0.1.0"
}
