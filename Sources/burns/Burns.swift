import ArgumentParser

@main
struct Burns: AsyncParsableCommand {}
