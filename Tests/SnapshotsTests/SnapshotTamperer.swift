import TestSupport

/// Changes copies of a sound snapshot with Python code that shares nothing with the program. Every change also updates
/// the checksums in `summary.json` (unless it is about them), so that only a check of the content can find it.
enum SnapshotTamperer {
    /// Runs `changes`, each of which makes a directory in `target` out of the snapshot `sound`.
    static func tamper(_ sound: String, into target: String, changes: String) async throws {
        let result = try await Tool.python(tools + changes, [sound, target])
        guard result.code == 0 else { throw Failed(description: result.error) }
    }

    struct Failed: Error, CustomStringConvertible { var description: String }

    private static let tools = #"""
        import csv, gzip, hashlib, io, json, os, shutil, sys
        SOUND, TARGET = sys.argv[1:]
        CSV, JSON, REJECTED, SUMMARY = "subscribers.csv.gz", "snapshot.json.gz", "rejected.csv", "summary.json"

        class Copy:
            def __init__(self, name):
                self.path = os.path.join(TARGET, name)
                shutil.copytree(SOUND, self.path)
                self.summary = json.loads(self.raw(SUMMARY))

            def raw(self, name):
                with open(os.path.join(self.path, name), "rb") as file: return file.read()

            def put(self, name, content):
                with open(os.path.join(self.path, name), "wb") as file: file.write(content)

            def unzipped(self, name): return gzip.decompress(self.raw(name))

            def zip(self, name, content): self.put(name, gzip.compress(content, mtime=0))

            def entry(self, name): return next(entry for entry in self.summary["files"] if entry["name"] == name)

            def table(self):
                text = self.unzipped(CSV).decode()
                return list(csv.reader(io.StringIO(text, newline=""), strict=True))

            def put_table(self, rows):
                out = io.StringIO(newline="")
                csv.writer(out, lineterminator="\n").writerows(rows)
                self.zip(CSV, out.getvalue().encode())

            def lines(self):
                "The head of the JSON file as an object, and its subscribers, one object each."
                document = json.loads(self.unzipped(JSON))
                subscribers = document.pop("subscribers")
                return document, subscribers

            def put_lines(self, head, subscribers):
                compact = lambda value: json.dumps(value, separators=(",", ":"), ensure_ascii=False)
                text = compact(head)[:-1] + '\n,"subscribers":[\n'
                text += ",\n".join(compact(row) for row in subscribers) + ("\n]}\n" if subscribers else "]}\n")
                self.zip(JSON, text.encode())

            def mark(self, change):
                "Applies a change to the summary and to the head of the JSON file."
                change(self.summary)
                head, subscribers = self.lines()
                change(head)
                self.put_lines(head, subscribers)

            def done(self, sums=True):
                for entry in self.summary["files"] if sums else []:
                    content = self.raw(entry["name"])
                    entry["bytes"], entry["sha256"] = len(content), hashlib.sha256(content).hexdigest()
                self.put(SUMMARY, json.dumps(self.summary, indent=2).encode())

        def change(function):
            "Makes a copy that has the function's name, lets the function change it, and fixes its sums."
            copy = Copy(function.__name__)
            function(copy)
            copy.done()

        """#
}
