"""Makes random histories wrong for prune_histories.py before they are written; each single snapshot stays sound."""

from prune_draw import DAY, OTHER_ACCOUNT, Snapshot


def target(draw, snapshots, first):
    """The index of a run: the newest, one of the window, its first, the one before it, or an older one."""
    inside, older = draw.randrange(first, len(snapshots)), draw.randrange(max(first - 1, 1))
    before = max(first - 1, 0)
    return draw.choice([len(snapshots) - 1, first, before, before, inside, inside, older, older, older])


# Each takes (draw, snapshots, index of the window's first run, now) and returns a description.

def from_future(draw, snapshots, _first, now):
    ahead = draw.choice([240, 600, 400 * DAY])
    newest = snapshots[-1]
    late = Snapshot(now + ahead, dict(newest.answers), "f0f0", draw.choice([0, 0, 3]), newest.account, newest.key)
    late.finished = late.start + 30
    snapshots.append(late)
    return f"a run {ahead} s ahead of now"


def times_turned(draw, snapshots, first, _now):
    snapshot = snapshots[target(draw, snapshots, first)]
    snapshot.finished = snapshot.start - draw.choice([1, 3600, 50 * DAY])
    return f"{snapshot.directory} finished before it started"


def started_elsewhen(draw, snapshots, first, _now):
    snapshot = snapshots[target(draw, snapshots, first)]
    shift = draw.choice([-1, 1, 1]) * draw.choice([1, 61, 3601, 15 * DAY + 77, 90 * DAY + 77])
    snapshot.said_start = snapshot.start + shift
    snapshot.finished = snapshot.said_start + 90
    return f"{snapshot.directory} says that it started {shift} s off"


def account_once(draw, snapshots, first, _now):
    """Also in a run that does not count, and also with contradicting rows."""
    failed = [snapshot for snapshot in snapshots[first:] if snapshot.exit_code]
    snapshot = draw.choice(failed) if failed and draw.random() < 0.5 else snapshots[target(draw, snapshots, first)]
    snapshot.account = OTHER_ACCOUNT
    if draw.random() < 0.5:
        snapshot.answers = dict.fromkeys(snapshot.answers, draw.choice([1, 4]))
    return f"{snapshot.directory} is of another account"


def no_predecessor(draw, snapshots, first, _now):
    """No run before the window counts, or only the oldest does."""
    account = draw.choice([None, OTHER_ACCOUNT])
    for snapshot in snapshots[draw.choice([0, 0, 1]):first]:
        snapshot.account = account
    return f"the account is {account or 'unknown'} in runs before the window"


def account_since(draw, snapshots, first, _now):
    place = target(draw, snapshots, first)
    for snapshot in snapshots[place:]:
        snapshot.account = snapshot.account and OTHER_ACCOUNT
    return f"from {snapshots[place].directory} on the account is another"


def source_once(draw, snapshots, first, _now):
    """Also in a run that does not count."""
    failed = [snapshot for snapshot in snapshots[first:] if not snapshot.counts]
    snapshot = draw.choice(failed) if failed and draw.random() < 0.5 else snapshots[target(draw, snapshots, first)]
    if snapshot.key and draw.random() < 0.7:
        snapshot.key = "0c" * 32
    else:
        snapshot.key = None
        setattr(snapshot, draw.choice(["name", "column"]), "other")
    return f"{snapshot.directory} is of another source"


def name_once(draw, snapshots, first, _now):
    snapshot = snapshots[target(draw, snapshots, first)]
    setattr(snapshot, draw.choice(["name", "column"]), "moved")
    return f"{snapshot.directory} has another source name and the same key, if any"


def jump(draw, snapshots, first, _now):
    place = draw.choice([first, target(draw, snapshots, first)])
    keys = list(snapshots[place].answers)
    keys = draw.sample(keys, round(len(keys) * draw.uniform(0.15, 0.6)))
    until = draw.choice([len(snapshots), len(snapshots), place + 1])
    for snapshot in snapshots[place:until]:
        snapshot.answers.update((key, 4) for key in keys if key in snapshot.answers)
    return f"{len(keys)} ids are unavailable from {snapshots[place].directory} on, for {until - place} runs"


def shrink(draw, snapshots, first, _now):
    place = draw.choice([first, target(draw, snapshots, first)])
    until = draw.choice([len(snapshots), place + 1])
    left_out = draw.sample(list(snapshots[place].answers), len(snapshots[place].answers) // draw.choice([2, 2, 5]))
    for snapshot in snapshots[place:until]:
        for key in left_out:
            snapshot.answers.pop(key, None)
    return f"the list lacks {len(left_out)} ids from {snapshots[place].directory} on, for {until - place} runs"


def everybody(draw, snapshots, _first, _now):
    for snapshot in snapshots:
        snapshot.answers = {key: 4 for key in snapshot.answers}
    return "everybody is unavailable in each run"


MISCHIEF = [from_future, times_turned, started_elsewhen, account_once, account_once, account_since, no_predecessor,
            no_predecessor, source_once, source_once, name_once, jump, jump, shrink, everybody]
