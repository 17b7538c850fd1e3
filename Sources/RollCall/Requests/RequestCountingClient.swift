package import Journal
package import Model

/// Records every request on disk before it is sent, so that the requests of a killed process are counted too.
package struct RequestCountingClient<Inner: OnlineStatusClient>: OnlineStatusClient {
    private let inner: Inner
    private let answers: AnswerFile

    package init(_ inner: Inner, in answers: AnswerFile) {
        self.inner = inner
        self.answers = answers
    }

    package func fetch(_ batch: IDBatch) async throws(RequestFailure) -> BatchReply {
        // If this write fails, the write of the answers fails too and reports the error.
        try? answers.recordRequest()
        return try await inner.fetch(batch)
    }
}
