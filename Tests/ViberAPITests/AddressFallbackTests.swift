import Foundation
import Glibc
import TestSupport
import Testing

/// A host name with two addresses, the first of which does not respond.
///
/// Tests the real binary; a preloaded library replaces the system's name resolution.
@Suite(.needs("clang")) struct AddressFallbackTests {
    private static let nameService = """
        #include <netdb.h>
        #include <stdlib.h>
        #include <string.h>
        #include <arpa/inet.h>
        static struct addrinfo *entry(const char *address, const char *port, struct addrinfo *next) {
            struct addrinfo *info = calloc(1, sizeof *info);
            struct sockaddr_in *name = calloc(1, sizeof *name);
            name->sin_family = AF_INET;
            name->sin_port = htons(atoi(port));
            inet_pton(AF_INET, address, &name->sin_addr);
            *info = (struct addrinfo){0, AF_INET, SOCK_STREAM, IPPROTO_TCP, sizeof *name, (void *)name, 0, next};
            return info;
        }
        int getaddrinfo(const char *host, const char *port, const struct addrinfo *hints, struct addrinfo **result) {
            *result = entry("127.0.0.2", port ? port : "0", entry("127.0.0.1", port ? port : "0", NULL));
            return 0;
        }
        void freeaddrinfo(struct addrinfo *info) {}
        """

    enum Death: CaseIterable { case refuses, neverAnswers }

    @Test(arguments: Death.allCases) func `the second address is tried`(_ death: Death) async throws {
        let server = try CannedServer(CannedAnswer.whole(#"{"status":0,"id":"pa:1"}"#))
        defer { server.stop() }
        var dead: [Int32] = []
        defer { for descriptor in dead { close(descriptor) } }
        if death == .neverAnswers {
            dead = try CannedServer.fullListener(on: "127.0.0.2", port: server.port).descriptors
        }
        try await withTemporaryDirectory { directory in
            try write(Self.nameService, to: directory + "/names.c")
            let built = try await Tool.run(
                "clang", ["-shared", "-fPIC", "-o", "names.so", "names.c"], in: directory)
            try #require(built.code == 0, "\(built.error)")
            let ran = try await Program.run(
                ["account", "--base-url", "http://localhost:\(server.port)"], in: directory,
                environment: ["VIBER_AUTH_TOKEN": Program.canary, "LD_PRELOAD": directory + "/names.so"])
            #expect(ran.code == 0, "\(ran.error)")
            #expect(ran.output.contains("pa:1"))
            #expect(server.connections == 1)
        }
    }
}
