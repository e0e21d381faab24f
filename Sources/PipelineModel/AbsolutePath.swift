/// Paths as text.
public enum AbsolutePath {
    /// `name` below `base`, without `.` and `..`; an absolute name stands by itself.
    ///
    /// Nothing is looked up: a symbolic link is a name like any other.
    public static func resolve(_ name: String, against base: String) -> String {
        let whole = name.hasPrefix("/") ? name : "\(base)/\(name)"
        var parts: [Substring] = []
        for part in whole.split(separator: "/") where part != "." {
            if part == ".." {
                _ = parts.popLast()
            } else {
                parts.append(part)
            }
        }
        return "/" + parts.joined(separator: "/")
    }

    /// The folder of the file at `path`.
    public static func folder(of path: String) -> String {
        resolve("..", against: path)
    }
}
