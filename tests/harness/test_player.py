import pytest

from connector_contract.recording.call import Call, Success
from connector_contract.recording.interactions import Cassette, GivenUp, Interaction, Request, Response
from connector_contract.recording.player import Player


def get(path):
    return Request("GET", f"https://a.example/{path}")


def player(paths, calls=(), given_up=()):
    return Player(
        Cassette(
            tuple(Interaction(get(path), Response(200)) for path in paths),
            tuple(Call("x", Success(), interactions=tuple(numbers)) for numbers in calls),
            tuple(GivenUp(get(path), call, place) for path, call, place in given_up),
        )
    )


def test_each_interaction_is_played_once_and_what_is_left_is_known():
    playing = player("aba")
    assert playing.left == [1, 2, 3]
    assert [playing.take(get("a"), 0) for _ in range(3)] == [1, 3, None]
    assert playing.left == [2]
    assert playing.has(get("b"))
    assert not playing.has(get("a"))
    assert playing.interaction(2).request == get("b")


def test_nothing_is_played_for_a_request_that_differs():
    playing = player("a")
    assert playing.take(get("b"), 0) is None
    assert playing.left == [1]


def test_of_equal_requests_a_call_is_played_its_own_first():
    playing = player("aaa", [[1, 3], [2]])
    assert playing.take(get("a"), 2) == 2
    assert playing.take(get("a"), 2) == 1
    assert playing.take(get("a"), 1) == 3


def fates(playing, path, *calls):
    """What becomes of a request that these calls make, in turn: a number, or that it waits."""
    found = []
    for call in calls:
        if playing.holds(get(path), call):
            playing.hold(get(path), call)
            found.append("waits")
        else:
            found.append(playing.take(get(path), call))
    return found


@pytest.mark.parametrize(
    ("paths", "calls", "given_up", "made_in", "fate"),
    [
        # Nowhere answered.
        ("b", [[1]], [("a", 1, 0)], [1], ["waits"]),
        ("b", [[1]], [("a", 1, 0)], [1, 1], ["waits", "waits"]),
        # In a call after that, and in one before it.
        ("a", [[], [1]], [("a", 1, 0)], [1, 2], ["waits", 1]),
        ("a", [[1], []], [("a", 2, 0)], [1, 2], [1, "waits"]),
        # The calls may be made at once, so that the second is first.
        ("a", [[], [1]], [("a", 1, 0)], [2, 1], [1, "waits"]),
        ("a", [[1], []], [("a", 2, 0)], [2, 1], ["waits", 1]),
        # In one call: tried again, and asked once too often.
        ("a", [[1]], [("a", 1, 0)], [1, 1], ["waits", 1]),
        ("a", [[1]], [("a", 1, 1)], [1, 1], [1, "waits"]),
        ("bab", [[1, 2, 3]], [("a", 1, 1), ("a", 1, 1)], [1, 1, 1], ["waits", "waits", 2]),
        # A call that is not recorded with it is not left to wait.
        ("a", [[], [1]], [("a", 1, 0)], [1, 2, 2], ["waits", 1, None]),
        # Outside of any call.
        ("a", [[1]], [("a", 0, 0)], [0, 1], ["waits", 1]),
    ],
)
def test_a_request_that_was_given_up_waits_where_it_was_and_not_elsewhere(
    paths, calls, given_up, made_in, fate
):
    assert fates(player(paths, calls, given_up), "a", *made_in) == fate


def test_what_was_not_given_up_does_not_wait():
    playing = player("a", [[1]], [("b", 1, 0)])
    assert playing.may_hold
    assert not playing.holds(get("a"), 1)
    assert not playing.holds(get("c"), 1)
    assert not player("a").may_hold


def test_asking_whether_a_request_waits_changes_nothing():
    playing = player("a", [[], [1]], [("a", 1, 0)])
    assert [playing.holds(get("a"), 1) for _ in range(3)] == [True] * 3


def test_a_request_that_was_given_up_is_of_the_call_that_gives_it_up_now():
    playing = player("", [[]], [("a", 1, 0), ("b", 1, 0)])
    playing.hold(get("a"), 3)
    assert [each.call for each in playing.given_up] == [3, 1]


def test_each_call_gives_up_its_own_of_equal_requests():
    asked = Request("GET", "https://a.example/x")
    given_up = (GivenUp(asked, 1, 0), GivenUp(asked, 2, 0))
    player = Player(Cassette(calls=(Call("x", Success()), Call("x", Success())), given_up=given_up))
    player.hold(asked, 2)
    assert player.not_given_up == [asked]
    player.hold(asked, 1)
    assert (player.given_up, player.not_given_up) == (given_up, [])


def test_what_a_call_has_still_to_ask_for_is_due():
    requests = [Request("GET", f"https://a.example/{n}") for n in range(3)]
    interactions = tuple(Interaction(request, Response(200)) for request in requests)
    calls = (Call("x", Success(), interactions=(1, 2)), Call("x", Success(), interactions=(3,)))
    player = Player(Cassette(interactions, calls))
    assert (player.due(1), player.due(2), player.due(0)) == ([1, 2], [3], [])
    player.take(interactions[0].request, 1)
    assert player.due(1) == [2]


def test_a_request_waits_until_the_timeout_that_ended_it():
    cassette = Cassette(given_up=(GivenUp(get("a"), 1, 0, "read"), GivenUp(get("a"), 1, 0)))
    playing = Player(cassette)
    assert [playing.hold(get("a"), 1) for _ in range(3)] == ["read", None, None]


def writing(*made, concurrent=(), writes=True, calls=None):
    """A player of one call, or several, that has made requests such as ``POST /a``."""
    requests = [Request(*each.split()) for each in made]
    calls = calls or [tuple(range(1, len(made) + 1))]
    recorded = tuple(
        Call("x", Success(), interactions=numbers, concurrent=tuple(concurrent)) for numbers in calls
    )
    cassette = Cassette(tuple(Interaction(each, Response(200)) for each in requests), recorded)
    return Player(cassette, writes=lambda _call: writes)


def early(playing, *made, call=1):
    """What each request, in turn, has overtaken."""
    found = []
    for each in made:
        number = playing.take(Request(*each.split()), call)
        found.append(playing.overtaken(number, call))
    return found


@pytest.mark.parametrize(
    ("recorded", "made", "overtaken"),
    [
        (["POST /a", "DELETE /b"], ["POST /a", "DELETE /b"], [[], []]),
        (["POST /a", "DELETE /b"], ["DELETE /b", "POST /a"], [[1], []]),
        (["POST /a", "PUT /b", "PATCH /c"], ["PATCH /c", "POST /a", "PUT /b"], [[1, 2], [], []]),
        # What reads is free.
        (["GET /a", "POST /b", "HEAD /c"], ["HEAD /c", "POST /b", "GET /a"], [[], [], []]),
        # Tries again.
        (["POST /a", "POST /a", "PUT /b"], ["POST /a", "POST /a", "PUT /b"], [[], [], []]),
        (["POST /a", "POST /a", "PUT /b"], ["POST /a", "PUT /b", "POST /a"], [[], [2], []]),
        # Writes to and fro: the first of equal requests is the first that is played.
        (["PUT /a", "PUT /b", "PUT /a"], ["PUT /a", "PUT /a", "PUT /b"], [[], [2], []]),
        # Polls in between.
        (
            ["POST /a", "GET /j", "GET /j", "PUT /b"],
            ["GET /j", "POST /a", "GET /j", "PUT /b"],
            [[], [], [], []],
        ),
    ],
)
def test_the_order_of_what_a_call_writes_counts(recorded, made, overtaken):
    assert early(writing(*recorded), *made) == overtaken
    assert early(writing(*recorded, writes=False), *made) == [[] for _ in made]


@pytest.mark.parametrize(
    ("made", "overtaken"),
    [
        (["POST /a", "PUT /c", "PUT /b", "DELETE /d"], [[], [], [], []]),
        (["PUT /b", "POST /a", "PUT /c", "DELETE /d"], [[1], [], [], []]),
        (["POST /a", "PUT /c", "DELETE /d", "PUT /b"], [[], [], [2], []]),
    ],
)
def test_what_was_concurrent_may_go_in_any_order_among_itself(made, overtaken):
    playing = writing("POST /a", "PUT /b", "PUT /c", "DELETE /d", concurrent=(2, 3))
    assert early(playing, *made) == overtaken


LANES = ["PUT /a", "POST /a", "PUT /b", "POST /b"]


@pytest.mark.parametrize(
    ("recorded", "concurrent", "made", "overtaken"),
    [
        (LANES, ((1, 2), (3, 4)), ["PUT /b", "PUT /a", "POST /b", "POST /a"], [[], [], [], []]),
        (LANES, ((1, 2), (3, 4)), ["POST /b", "PUT /a"], [[3], []]),
        # Two stages.
        (LANES, (((1, 2), (3, 4)),), ["POST /a", "PUT /a", "POST /b", "PUT /b"], [[], [], [], []]),
        (LANES, (((1, 2), (3, 4)),), ["POST /a", "POST /b"], [[], [1]]),
        # Of equal ones, that of a lane which has come so far is played.
        (["PUT /a", "POST /x", "PUT /b", "POST /x"], ((1, 2), (3, 4)),
         ["PUT /b", "POST /x", "PUT /a", "POST /x"], [[], [], [], []]),
        (["PUT /a", "POST /x", "PUT /b", "POST /x"], ((1, 2), (3, 4)), ["POST /x"], [[1]]),
        # One of several that are equal stands for another.
        (["POST /x", "PUT /a", "POST /x", "PUT /b"], ((1, 2), (3, 4)), ["POST /x", "PUT /b", "PUT /a"],
         [[], [], []]),
        (["POST /x", "PUT /a", "POST /x", "PUT /b"], ((1, 2), (3, 4)), ["PUT /b"], [[3]]),
    ],
)  # fmt: skip
def test_the_order_holds_within_a_lane(recorded, concurrent, made, overtaken):
    assert early(writing(*recorded, concurrent=concurrent), *made) == overtaken


@pytest.mark.parametrize(
    ("recorded", "concurrent", "lanes", "pair"),
    [
        (LANES, (), (), None),
        (LANES, (), (1, 2), (1, 2)),
        (LANES, (), ((1, 2), (3, 4)), (1, 3)),
        (LANES, ((1, 2), (3, 4)), (1, 2, 3, 4), (1, 2)),
        (LANES, ((1, 2), (3, 4)), ((1, 2, 3), 4), (3, 4)),
        (LANES, (1, 2, 3, 4), ((1, 2), (3, 4)), None),
        (["GET /a", "PUT /b", "PUT /c"], (), (1, (2, 3)), None),
        # Which of several equal ones is meant, nobody knows.
        (["PUT /a", "PUT /a"], (), (1, 2), None),
    ],
)
def test_writes_that_do_not_wait_for_each_other_any_more(recorded, concurrent, lanes, pair):
    assert writing(*recorded, concurrent=concurrent).no_longer_in_turn(1, lanes) == pair
    assert writing(*recorded, concurrent=concurrent, writes=False).no_longer_in_turn(1, lanes) is None


def test_each_call_has_an_order_of_its_own():
    playing = writing("POST /a", "POST /b", "PUT /c", "PUT /d", calls=[(1, 2), (3, 4)])
    assert early(playing, "PUT /c", call=2) == [[]]
    assert early(playing, "POST /b", call=1) == [[1]]
    # What belongs to another call, and what is outside of any, has none.
    assert early(playing, "PUT /d", call=1) == [[]]
    assert early(playing, "POST /a", call=0) == [[]]


def test_the_order_is_that_of_the_call_and_not_of_the_numbers():
    playing = writing("POST /a", "DELETE /b", "PATCH /c", calls=[(1, 3, 2)])
    assert early(playing, "POST /a", "PATCH /c", "DELETE /b") == [[], [], []]
