package import Journal
package import Model

/// Counts every request on the disk before it is sent, so that those of a killed process are not forgotten.
package struct RequestCountingClient<Inner: OnlineStatusClient>: OnlineStatusClient {
    private let inner: Inner
    private let answers: AnswerFile

    package init(_ inner: Inner, in answers: AnswerFile) {
        self.inner = inner
        self.answers = answers
    }

    package func fetch(_ batch: IDBatch) async throws(RequestFailure) -> BatchReply {
        // If this write fails, so does the write of the answer, which reports the error.
        try? answers.recordRequest()
        return try await inner.fetch(batch)
    }
}
