"""Edits a table as a user does with a spreadsheet or a text editor."""

DELIMITERS = {"semicolons": ";", "tabs": "\t", "commas": ","}
EDITS = [*DELIMITERS, "BOM", "CRLF", "TRUE", "columns moved", "no account_name", "rubbish", "turned round"] + ["notes"] * 4
NOTES = ["Ann asked", 'he said "no"', "a, b; c", '"', "two\nlines", "a\ttab", 'x,;"\n' * 20_000]
RUBBISH = ["Total;;600;;", "checked by Ann, twice", 'the 12" screen', "--", ",,,7"]


def edit(table, draw):
    """Makes one to three random edits; returns their names."""
    kinds = list(dict.fromkeys(draw.sample(EDITS, draw.randrange(1, 4))))
    for kind in kinds:
        change(table, kind, draw)
    return ", ".join(kinds)


def change(table, kind, draw):
    columns = range(len(table.header))
    if kind in DELIMITERS:
        table.delimiter = DELIMITERS[kind]
    elif kind == "BOM":
        table.has_mark = not table.has_mark
    elif kind == "CRLF":
        table.line_end = "\n" if table.line_end == "\r\n" else "\r\n"
    elif kind == "TRUE" and "complete" in table.header:
        place = table.header.index("complete")
        for record in table.records:
            record[place] = record[place].upper()
    elif kind == "columns moved":
        table.keep_columns(draw.sample(columns, len(columns)))
    elif kind == "no account_name":
        table.keep_columns([number for number in columns if table.header[number] != "account_name"])
    elif kind == "notes":
        if "note" not in table.header:
            table.add_column("note")
        for record in draw.sample(table.records, min(3, len(table.records))):
            record[table.header.index("note")] = draw.choice(NOTES)
    elif kind == "rubbish":
        table.raw_lines.append(draw.choice(RUBBISH))
    elif kind == "turned round":
        table.records.reverse()
