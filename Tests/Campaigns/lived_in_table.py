"""Reads and writes history.csv in the dialect that a user left: separator, line ends, byte order mark."""

import collections
import csv
import io
import re

RUN = re.compile(r"(\d{8}T\d{6}Z-[0-9a-f]{4})(-incomplete)?")


class Table:
    def __init__(self, path):
        with open(path, "rb") as file:
            raw = file.read()
        text = raw.decode("utf-8-sig")
        first = text.split("\n", 1)[0]
        self.has_mark, self.line_end = raw.startswith(b"\xef\xbb\xbf"), "\r\n" if first.endswith("\r") else "\n"
        self.delimiter = max(",;\t", key=first.count)
        records = csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter)
        self.header, *records = [record for record in records if any(record)] or [[]]
        self.records = [record + [""] * (len(self.header) - len(record)) for record in records]
        # Lines that `save` adds as they are.
        self.raw_lines = []

    def rows(self):
        """The rows of runs: the name of the run, and its cells by column."""
        rows = [dict(zip(self.header, record)) for record in self.records]
        return [(row["run_id"], row) for row in rows if RUN.fullmatch(row.get("run_id", ""))]

    def other_rows(self):
        """Counts the rows that belong to no run, each as its cells that are not empty, since columns may move."""
        place = self.header.index("run_id") if "run_id" in self.header else 0
        others = [record for record in self.records if not RUN.fullmatch((record[place:] or [""])[0])]
        return collections.Counter(tuple(cell for cell in record if cell) for record in others)

    def cells(self):
        """The cells of runs that are not empty, by run and column. `true` and the spreadsheet's TRUE are the same."""
        return {(run, column): cell.lower() if column == "complete" else cell
                for run, row in self.rows() for column, cell in row.items() if cell}

    def keep_columns(self, numbers):
        """Keeps only these columns, in this order. Cells beyond the header stay at the end."""
        width = len(self.header)
        self.records = [[record[number] for number in numbers] + record[width:] for record in self.records]
        self.header = [self.header[number] for number in numbers]

    def add_column(self, name):
        width = len(self.header)
        self.header.append(name)
        self.records = [record[:width] + [""] + record[width:] for record in self.records]

    def save(self, path, has_last_end):
        """Writes the file in place, so that it keeps its owner and mode."""
        into = io.StringIO(newline="")
        csv.writer(into, delimiter=self.delimiter, lineterminator=self.line_end).writerows([self.header] + self.records)
        text = into.getvalue() + "".join(line + self.line_end for line in self.raw_lines)
        text = text if has_last_end else text.removesuffix(self.line_end)
        with open(path, "wb") as file:
            file.write(text.encode("utf-8-sig" if self.has_mark else "utf-8"))
