import ArgumentParser
@main struct Swerve: ParsableCommand { mutating func run() throws { print("hi") } }
