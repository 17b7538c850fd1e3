/// The changes that `SnapshotTamperer` makes, one Python function for each. The snapshot has six rows (online, offline,
/// undisclosed, unavailable, online, unavailable) and three rows of rejected rows, the first for two rows of the
/// source.
enum Changes {
    static let python = #"""
        def both(copy, table_change, lines_change):
            table = copy.table(); table_change(table); copy.put_table(table)
            head, subscribers = copy.lines(); lines_change(subscribers); copy.put_lines(head, subscribers)

        def in_csv(copy, function):
            table = copy.table(); function(table); copy.put_table(table)

        def in_json(copy, function):
            head, subscribers = copy.lines(); function(subscribers); copy.put_lines(head, subscribers)

        def status(number, name):
            def csv_change(table): table[1][1:3] = [str(number), name]
            def json_change(rows): rows[0].update(online_status=number, online_status_message=name)
            return csv_change, json_change

        @change
        def rewritten_and_nothing_else(copy): both(copy, lambda table: None, lambda rows: None)
        @change
        def row_dropped_from_csv(copy): in_csv(copy, lambda table: table.pop(3))
        @change
        def last_row_dropped_from_csv(copy): in_csv(copy, lambda table: table.pop())
        @change
        def row_dropped_from_json(copy): in_json(copy, lambda rows: rows.pop(2))
        @change
        def row_dropped_from_both(copy): both(copy, lambda table: table.pop(3), lambda rows: rows.pop(2))
        @change
        def row_dropped_everywhere(copy):
            both(copy, lambda table: table.pop(3), lambda rows: rows.pop(2))
            for name in (CSV, JSON): copy.entry(name)["rows"] -= 1
        @change
        def row_added_to_both(copy):
            both(copy, lambda table: table.append(["new"] + table[1][1:]), lambda rows: rows.append({**rows[0], "id": "new"}))
        @change
        def rows_swapped_in_csv(copy): in_csv(copy, lambda table: table.insert(1, table.pop(2)))
        @change
        def id_changed_in_csv(copy): in_csv(copy, lambda table: table[5].__setitem__(0, "plaiN"))
        @change
        def status_changed_in_csv(copy): in_csv(copy, status(4, "unavailable")[0])
        @change
        def status_changed_in_json(copy): in_json(copy, status(4, "unavailable")[1])
        @change
        def status_changed_in_both(copy): both(copy, *status(4, "unavailable"))
        @change
        def status_without_its_name(copy): both(copy, *status(1, "online"))
        @change
        def attempts_changed_in_csv(copy): in_csv(copy, lambda table: table[1].__setitem__(5, "2"))
        @change
        def time_changed_in_json(copy): in_json(copy, lambda rows: rows[0].update(checked_at="2026-11-21T23:15:30.043Z"))
        @change
        def last_online_changed_in_csv(copy): in_csv(copy, lambda table: table[2].__setitem__(3, "2019-03-04T08:08:13.589Z"))
        @change
        def answer_replaced_by_failure(copy):
            def csv_change(table): table[1][1:] = ["", "", "", "", "1", "not_returned"]
            def json_change(rows):
                rows[0].update(online_status=None, online_status_message=None, checked_at=None, error="not_returned")
            both(copy, csv_change, json_change)
        @change
        def made_up_failure(copy): in_csv(copy, lambda table: table[1].__setitem__(slice(1, 7), ["", "", "", "", "1", "tired"]))
        @change
        def count_moved(copy):
            def change(document): document["counts"]["online"] -= 1; document["counts"]["offline"] += 1
            copy.mark(change)
        @change
        def count_added(copy): copy.mark(lambda document: document["counts"].update(online=3))
        @change
        def unique_changed(copy): copy.mark(lambda document: document["source"].update(unique=7))
        @change
        def accepted_changed(copy): copy.mark(lambda document: document["source"].update(accepted=9, duplicates=3))
        @change
        def duplicates_changed(copy): copy.mark(lambda document: document["source"].update(duplicates=1))
        @change
        def summary_differs_from_json(copy): copy.summary["run"]["passes"] += 1
        @change
        def account_differs_from_json(copy): copy.summary["account"]["name"] = "another"
        @change
        def id_doubled_in_both(copy):
            both(copy, lambda table: table[6].__setitem__(0, table[5][0]), lambda rows: rows[5].update(id=rows[4]["id"]))
        @change
        def id_emptied_in_both(copy): both(copy, lambda table: table[6].__setitem__(0, ""), lambda rows: rows[5].update(id=""))
        @change
        def complete_flipped(copy): copy.mark(lambda document: document["run"].update(complete=False))
        @change
        def rows_of_file_changed(copy): copy.entry(CSV)["rows"] += 1

        def split(copy, name):
            content = copy.unzipped(name)
            copy.put(name, gzip.compress(content[:100], mtime=0) + gzip.compress(content[100:], mtime=0))
        @change
        def two_members_csv(copy): split(copy, CSV)
        @change
        def two_members_json(copy): split(copy, JSON)
        @change
        def empty_member_behind(copy): copy.put(CSV, copy.raw(CSV) + gzip.compress(b"", mtime=0))
        @change
        def zeros_behind(copy): copy.mark(lambda document: None); copy.put(CSV, copy.raw(CSV) + bytes(512))
        @change
        def junk_behind(copy): copy.put(JSON, copy.raw(JSON) + b"junk, and more junk")

        def flip(copy, name, offset):
            raw = bytearray(copy.raw(name)); raw[offset] ^= 1; copy.put(name, bytes(raw))
        @change
        def crc_broken(copy): flip(copy, CSV, -8)
        @change
        def length_broken(copy): flip(copy, JSON, -4)
        @change
        def bit_flipped_in_data(copy): flip(copy, CSV, 40)
        @change
        def no_gzip(copy): copy.put(CSV, copy.unzipped(CSV))
        @change
        def empty_file(copy): copy.put(CSV, b"")
        @change
        def header_missing(copy): copy.zip(CSV, copy.unzipped(CSV).split(b"\n", 1)[1])
        @change
        def json_end_missing(copy): copy.zip(JSON, copy.unzipped(JSON)[:-3])
        @change
        def json_goes_on(copy): copy.zip(JSON, copy.unzipped(JSON) + b"{}\n")
        @change
        def quote_never_closed(copy): copy.zip(CSV, copy.unzipped(CSV).replace(b"plain,", b'"plain,'))
        @change
        def field_too_many(copy): in_csv(copy, lambda table: table[1].append(""))

        @change
        def rejected_unlisted(copy): copy.summary["files"].pop()
        def rejected(copy, function):
            lines = copy.raw(REJECTED).splitlines(keepends=True); function(lines); copy.put(REJECTED, b"".join(lines))
        @change
        def rejected_row_short(copy): rejected(copy, lambda lines: lines.pop())
        @change
        def rejected_row_more(copy): rejected(copy, lambda lines: lines.append(b"7,blank,,1\n"))
        @change
        def rejected_reason_changed(copy): rejected(copy, lambda lines: lines.__setitem__(1, b"2,null,,2\n"))
        @change
        def rejected_row_broken(copy): rejected(copy, lambda lines: lines.__setitem__(1, b"2,blank\n"))
        @change
        def rejected_rows_more(copy): rejected(copy, lambda lines: lines.__setitem__(1, b"2,blank,,3\n"))
        @change
        def rejected_rows_zero(copy): rejected(copy, lambda lines: lines.__setitem__(1, b"2,blank,,0\n"))
        @change
        def rejected_rows_negative(copy): rejected(copy, lambda lines: lines.__setitem__(1, b"2,blank,,-2\n"))
        @change
        def rejected_rows_endless(copy): rejected(copy, lambda lines: lines.__setitem__(1, b"2,blank,,9223372036854775807\n"))
        @change
        def rejected_rows_left_out(copy): rejected(copy, lambda lines: lines.__setitem__(1, b"2,blank,\n"))
        @change
        def rejected_header_missing(copy): rejected(copy, lambda lines: lines.pop(0))

        def former(copy, lines):
            copy.mark(lambda document: None)
            copy.put(REJECTED, b"line,reason,value\n" + b"".join(lines)); copy.entry(REJECTED)["rows"] = len(lines)
        @change
        def rejected_of_version_0_1(copy):
            former(copy, [b"2,blank,\n", b"3,blank,\n", b"5,bad_utf8,\\xFF\n", b"6,blank,\n"])
        @change
        def rejected_of_version_0_1_short(copy):
            former(copy, [b"2,blank,\n", b"5,bad_utf8,\\xFF\n", b"6,blank,\n"])

        copy = Copy("rejected_gone"); os.remove(os.path.join(copy.path, REJECTED)); copy.done(sums=False)
        copy = Copy("file_gone"); os.remove(os.path.join(copy.path, CSV)); copy.done(sums=False)
        copy = Copy("no_files"); copy.summary["files"] = copy.summary["files"][2:]; copy.done(sums=False)
        copy = Copy("path_as_name"); copy.entry(CSV)["name"] = "../out/latest/" + CSV; copy.done(sums=False)
        """#
}
