from contextlib import suppress

import pytest

from audit.ingest.script import place, read
from audit.ingest.source import Rejected, Source

SCRIPT = """\
# Returns

Read this first.

## Opening
- Hello, you're through to **{name}**.
1. Agent: You
   have to wait.

<!-- not
said -->
Customer: I am angry.
> Goodbye.

```
code you have to ignore
```
"""


def texts(text, **more):
    return [
        [(turn.text, turn.source_ref, turn.column) for turn in each.turns]
        for each in read(Source("s.md", text.encode()), **more)
    ]


def test_only_what_an_agent_says_is_taken_with_its_place():
    assert texts(SCRIPT) == [
        [("Hello, you're through to   {name}  .", 6, 3), ("You\n   have to wait.", 7, 11), ("Goodbye.", 13, 3)]
    ]


def test_line_and_column_of_any_words():
    (script,) = read(Source("s.md", SCRIPT.encode()))
    turn = script.turns[1]
    lines = SCRIPT.splitlines()
    for words in ("You", "have to", "wait"):
        line, column = place(turn, turn.text.index(words))
        assert lines[line - 1][column - 1 :].startswith(words)


def test_each_heading_can_start_a_text_of_its_own():
    made = list(read(Source("r.md", b"# Replies\n\n## One\nHello.\n\n## Two\nBye.\n"), each_heading=True))
    assert [(each.id, each.turns[0].text, each.source_ref) for each in made] == [
        ("r.md: One", "Hello.", 4),
        ("r.md: Two", "Bye.", 7),
    ]


def test_windows_line_ends_change_no_place():
    assert texts("Hello.\r\n\r\nBye.\r\n") == [[("Hello.", 1, 1), ("Bye.", 3, 1)]]


def test_a_file_without_words_is_refused():
    with pytest.raises(Rejected, match="no words"):
        texts("# Only a heading\n")


def test_front_matter_comments_and_code_are_not_said():
    text = "---\ntitle: You must wait\n---\nHello.\n````\n```\nyou must\n````\nBye.\n<!-- you must\n"
    assert texts(text) == [[("Hello.", 4, 1), ("Bye.", 9, 1)]]


def test_two_replies_under_one_title_stay_two():
    made = list(read(Source("r.md", b"## One\nHello.\n## One\nBye.\n"), each_heading=True))
    assert [each.id for each in made] == ["r.md: One (line 2)", "r.md: One (line 4)"]


@pytest.mark.parametrize(
    "text",
    [
        "# a" + " " * 50_000 + "b\nHi.",
        "<!-- " * 50_000 + "\n",
        "Hi.\n\n" * 40_000,
        "-" * 50_000 + "x",
        "> " * 50_000 + "Hi.",
    ],
)
def test_no_text_takes_for_ever(text):
    """Each of these would take minutes where a pattern looks back and forth."""
    with suppress(Rejected):
        list(read(Source("s.md", text.encode())))
