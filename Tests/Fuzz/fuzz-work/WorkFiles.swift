import FuzzKit

/// The input is one of the files that a run leaves for the next: records of answers, a spool, `run.json` or
/// `summary.json`. Each reader reads every input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = bytes(start, count)
    Answers(input).check()
    Spool.check(input)
    RunText(input).check()
    return 0
}
