"""Events and requests of three users, in any order."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.services.recommendations.shops import ITEMS, did
from textwire.recommendations.messages import ScoreRequest

EVERYTHING = {item.id for item in ITEMS}
KINDS = st.sampled_from(["view", "click", "add_to_cart", "purchase", "share", "rating"])
ABOUT = st.builds(
    did, KINDS, st.sampled_from([*sorted(EVERYTHING), "ghost"]), st.sampled_from("abc")
)
SAID = st.builds(
    lambda user, text: did("search", None, user, text=text),
    st.sampled_from("abc"),
    st.sampled_from(["tent", "bread pan", "🙂", "sea"]),
)
FORGET = st.builds(lambda user: did("forget", None, user), st.sampled_from("abc"))
REQUESTS = st.builds(
    ScoreRequest,
    user_id=st.sampled_from("abc"),
    k=st.none() | st.integers(1, 8),
    context=st.none() | st.sampled_from(["tent", "bread"]),
    candidates=st.none() | st.lists(st.sampled_from([*sorted(EVERYTHING), "x"])).map(tuple),
)
STREAMS = st.lists(ABOUT | SAID | FORGET | REQUESTS, max_size=14)
