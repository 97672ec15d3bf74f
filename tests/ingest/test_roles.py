import pytest

from audit.errors import AuditError
from audit.ingest.roles import Label, Roster, RosterEntry, label, read_roster, role_of, settle
from audit.ingest.source import Options
from audit.model import Channel, Conversation, Participant, Role, Turn


@pytest.mark.parametrize(
    ("word", "role"),
    [
        ("AGENT", Role.AGENT),
        ("human_agent", Role.AGENT),
        ("End-User", Role.CUSTOMER),
        ("Visitor", Role.CUSTOMER),
        ("CUSTOM_BOT", Role.BOT),
        ("IVR", Role.BOT),
        ("SYSTEM", Role.SYSTEM),
        ("Supervisor", Role.SUPERVISOR),
        ("spk_0", Role.UNKNOWN),
        ("Rosa", Role.UNKNOWN),
        ("", Role.UNKNOWN),
    ],
)
def test_role_words(word, role):
    assert role_of(word) is role


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Agent", Label(None, Role.AGENT)),
        ("Ana Duarte (Agent)", Label("Ana Duarte", Role.AGENT)),
        ("Agent [Ana]", Label("Ana", Role.AGENT)),
        ("Customer 2", Label(None, Role.CUSTOMER)),
        ("Ana", Label("Ana", Role.UNKNOWN)),
        ("Ana (Leeds)", Label("Ana (Leeds)", Role.UNKNOWN)),
    ],
)
def test_labels(text, expected):
    assert label(text) == expected


def two(*names):
    people = tuple(Participant(name, name=name) for name in names)
    turns = tuple(Turn(n, person, "Hello") for n, person in enumerate(people))
    return Conversation("c", Channel.UNKNOWN, people, turns)


def roles(conversation):
    return {turn.participant.id: turn.role for turn in conversation.turns}


def test_nobodys_role_is_guessed():
    assert roles(settle(two("Ana", "Sam"), Options(), Roster())) == {"Ana": Role.UNKNOWN, "Sam": Role.UNKNOWN}


def test_a_named_agent_leaves_the_other_of_two_as_the_customer():
    made = settle(two("Ana", "Sam"), Options(agent_names=("ana",)), Roster())
    assert roles(made) == {"Ana": Role.AGENT, "Sam": Role.CUSTOMER}
    assert made.participants[0].agent_id == "Ana"
    assert made.participants[0].role_source == "option"


def test_among_three_the_others_stay_unknown():
    made = settle(two("Ana", "Sam", "Lee"), Options(agent_speakers=("Ana",)), Roster())
    assert list(roles(made).values()) == [Role.AGENT, Role.UNKNOWN, Role.UNKNOWN]


def test_the_roster_names_the_agent():
    people = (Participant("AGENT", Role.AGENT), Participant("CUSTOMER", Role.CUSTOMER))
    talk = Conversation("c", Channel.VOICE, people, tuple(Turn(n, p, "Hi") for n, p in enumerate(people)))
    made = settle(talk, Options(), Roster({("c", ""): RosterEntry("ana.duarte", "Ana Duarte", "North")}))
    agent = made.turns[0].participant
    assert (agent.agent_id, agent.name, agent.team) == ("ana.duarte", "Ana Duarte", "North")
    assert made.turns[1].role is Role.CUSTOMER


def test_a_roster_file(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("Conversation ID,Agent ID,Name,Team\n007,0017,Ana,North\n8,b,,\n", encoding="utf-8")
    assert read_roster(path).entries == {
        ("007", ""): RosterEntry("0017", "Ana", "North"),
        ("8", ""): RosterEntry("b", None, None),
    }


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("a,b\n1,2\n", "needs agent_id"),
        ("conversation,agent_id\n1,2\n1,3\n", "roster.csv:3"),
        ("conversation,agent_id\n1\n", "roster.csv:2: 1 columns"),
        ("conversation,agent_id\n,3\n", "must not be empty"),
        ("", "the file is empty"),
    ],
)
def test_a_wrong_roster_is_said_with_its_line(tmp_path, text, part):
    path = tmp_path / "roster.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(AuditError, match=part.replace(":", ".")):
        read_roster(path)


def roster(tmp_path, text):
    path = tmp_path / "roster.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_roster(path)


class TestRosters:
    def test_by_conversation_and_participant(self, tmp_path):
        told = roster(tmp_path, "conversation,participant,agent_id,name\nc,spk_1,ana,Ana Duarte\n")
        made = settle(two("spk_0", "spk_1"), Options(), told)
        assert roles(made) == {"spk_0": Role.CUSTOMER, "spk_1": Role.AGENT}
        assert (made.participants[1].agent_id, made.participants[1].role_source) == ("ana", "roster")

    def test_by_participant_wherever_they_speak(self, tmp_path):
        told = roster(tmp_path, "participant,agent_id,team\nU061,ana,North\n")
        made = settle(two("U077", "U061"), Options(), told)
        assert (made.participants[1].agent_id, made.participants[1].team) == ("ana", "North")

    @pytest.mark.parametrize("name", ["Ana Duarte", "ana duarte"])
    def test_a_list_of_staff_by_name(self, tmp_path, name):
        told = roster(tmp_path, "agent_id,name\nad,Ana Duarte\n")
        assert roles(settle(two(name, "Kim"), Options(), told)) == {name: Role.AGENT, "Kim": Role.CUSTOMER}

    def test_where_everybody_is_on_the_list_nobody_is_taken_for_an_agent(self, tmp_path):
        told = roster(tmp_path, "agent_id,name\na,Ana\nk,Kim\n")
        made = settle(two("Ana", "Kim"), Options(), told)
        assert set(roles(made).values()) == {Role.UNKNOWN}
        assert "say who it is" in made.warnings[0]

    def test_a_customer_is_never_made_an_agent(self, tmp_path):
        people = (Participant("x", Role.AGENT, "Ana"), Participant("y", Role.CUSTOMER, "Kim"))
        talk = Conversation("c", Channel.CHAT, people, tuple(Turn(n, p, "Hi") for n, p in enumerate(people)))
        made = settle(talk, Options(), roster(tmp_path, "agent_id,name\nk,Kim\n"))
        assert made.participants[1].role is Role.CUSTOMER

    @pytest.mark.parametrize(
        "data",
        ["agent_id;conversation\nzoë;c\n".encode("utf-16"), "agent_id\tconversation\nzoë\tc\n".encode(), "agent_id,conversation\nzoë,c\n".encode("cp1252")],
    )  # fmt: skip
    def test_tables_of_every_kind(self, tmp_path, data):
        assert roster(tmp_path, data).of("c").agent_id == "zoë"

    def test_what_was_of_use_is_known(self, tmp_path):
        told = roster(tmp_path, "agent_id,conversation\na,c\nb,other\n")
        settle(two("Ana", "Sam"), Options(), told)
        assert {entry.agent_id for entry in told.used} == {"a"}
