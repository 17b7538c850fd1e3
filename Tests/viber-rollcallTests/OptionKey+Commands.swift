@testable import viber_rollcall

/// The options of each command, in the order of the table.
extension OptionKey {
    static let ofSource = [column, noHeader, delimiter, table, query]
    static let ofAPI = [tokenFile, baseURL, caFile, timeout, keepWebhook]
    static let ofOutput = [json, quiet, verbose, progress]
    static let ofRun = [outputDir, format, concurrency, rate, settle, deadline, resumeWithin, maxShrink, fresh]
    static let ofSnapshot = ofSource + ofAPI + ofOutput + ofRun
    static let ofAudit = [against, reports, failIf, list, listFormat, json, quietGates]
    static let ofPruneList = [reports, runs, days, maxJump, maxListShrink, maxListed, pruneFormat]
    static let ofReport = [reports, page, shownGate, rebuildHistory]
    static let ofAccount = ofAPI + [json]
}
