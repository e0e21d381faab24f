@main struct Stile { static func main() {} }
