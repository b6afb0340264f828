"""The formulas of reach: an example worked by hand, and what must hold for any numbers."""

from hypothesis import given
from hypothesis import strategies as st

from app.announcements import explaining, measures
from app.announcements.measures import Counts
from app.people.small_stores import FEWEST, Place, grouped


def test_an_example_worked_by_hand():
    # Twelve sellers and a director; one seller on vacation; the director and four sellers read within 72 hours.
    store = Counts(
        audience=13, absent=1, told_only=4, opened=8, read=6, confirmed=5, understood=4, read72=5,
        directors=1, directors_read=1, directors_read72=1,
    )  # fmt: skip
    assert measures.first_hand(store) == 5 / 12
    assert measures.relay(store) == 4 / 13
    assert measures.others_first_hand(store) == 4 / 11
    assert measures.is_stuck(store, is_settled=True)
    assert not measures.is_stuck(store, is_settled=False)
    assert measures.states(store) == {"understood": 4, "confirmed": 1, "read": 1, "opened": 2, "told": 4, "none": 1}
    assert measures.median_lag([5400, 35, 240, 90, 3900, 1500]) == 240
    assert store == explaining.STORE


def test_stuck_means_that_the_director_has_read_it_and_half_of_the_others_have_not():
    store = Counts(audience=11, opened=6, read=6, read72=6, directors=1, directors_read=1, directors_read72=1)
    assert measures.others_first_hand(store) == 0.5
    assert not measures.is_stuck(store, True)
    assert measures.is_stuck(store._replace(read72=5), True)
    assert not measures.is_stuck(store._replace(read72=4, directors_read=0, directors_read72=0), True)


def test_fewer_than_five_people_have_no_share():
    four = Counts(audience=4, opened=4, read=4, read72=4)
    assert measures.first_hand(four) is None
    assert measures.relay(four) is None
    # Eight people, four of whom were away: the share would be that of four.
    assert measures.first_hand(Counts(audience=8, absent=4, opened=4, read=4, read72=4)) is None
    assert measures.median_lag([1, 2, 3, 4]) is None
    assert measures.others_first_hand(Counts(audience=5, directors=1, read72=1)) is None


def test_weeks_say_nothing_of_few_announcements():
    good = Counts(audience=30, read72=28, opened=30, read=30, directors=3, directors_read=3, directors_read72=3)
    assert measures.over_weeks(good, 3) == "first-hand"
    assert measures.over_weeks(good, 2) == "unknown"
    assert measures.over_weeks(good._replace(read72=8), 3) == "stuck"
    assert measures.over_weeks(good._replace(read72=20), 3) == "between"
    # Nobody has read it, the director neither: it is not he at whom it stopped.
    assert measures.over_weeks(good._replace(read72=0, directors_read=0, directors_read72=0), 3) == "between"


@st.composite
def counts(draw):
    """Return counts that people can bring about."""
    audience = draw(st.integers(0, 60))
    absent = draw(st.integers(0, audience))
    opened = draw(st.integers(0, audience))
    read = draw(st.integers(0, opened))
    confirmed = draw(st.integers(0, read))
    understood = draw(st.integers(0, read))
    directors = draw(st.integers(0, min(2, audience - absent)))
    directors_read = draw(st.integers(0, min(directors, read)))
    read72 = draw(st.integers(0, min(read, audience - absent)))
    low, high = max(0, read72 - (audience - absent - directors)), min(directors_read, read72)
    directors_read72 = draw(st.integers(min(low, high), high))
    read72 = min(read72, directors_read72 + audience - absent - directors)
    told_only = draw(st.integers(0, audience - opened))
    return Counts(
        audience, absent, told_only, opened, read, confirmed, understood, read72, directors, directors_read, directors_read72
    )


@given(counts())
def test_shares_are_shares_and_states_add_up(store):
    for share in (measures.first_hand(store), measures.relay(store), measures.others_first_hand(store)):
        assert share is None or 0 <= share <= 1
    states = measures.states(store)
    assert tuple(states) == measures.STATES
    assert sum(states.values()) == store.audience
    assert all(people >= 0 for people in states.values())


@given(counts())
def test_one_more_reader_in_time_never_makes_it_worse(store):
    if store.read72 - store.directors_read72 >= store.expected - store.directors:
        return
    better = store._replace(read72=store.read72 + 1)
    before, after = measures.first_hand(store), measures.first_hand(better)
    assert before is None or after > before
    assert measures.is_stuck(store, True) or not measures.is_stuck(better, True)


@given(st.lists(st.integers(0, 10_000), min_size=FEWEST, max_size=80), st.integers(0, 10_000))
def test_half_of_the_readers_had_read_by_the_median_lag(lags, more):
    median = measures.median_lag(lags)
    assert min(lags) <= median <= max(lags)
    assert sum(lag <= median for lag in lags) * 2 >= len(lags)
    assert sum(lag < median for lag in lags) * 2 <= len(lags)
    later = measures.median_lag([lag + more for lag in lags])
    assert later == median + more


@given(st.integers(0, 60), st.integers(0, 60))
def test_a_count_is_said_only_where_neither_side_is_one_to_four(count, rest):
    said = measures.few_or(count, count + rest)
    assert said == (count if count >= FEWEST and rest >= FEWEST else None)


places = st.lists(
    st.tuples(st.integers(1, 4), st.integers(0, 9)), max_size=14
).map(lambda found: [Place(store, city, people) for store, (city, people) in enumerate(found, 1)])  # fmt: skip


@given(places)
def test_no_difference_of_shown_numbers_isolates_fewer_than_five(found):
    groups = grouped(found)
    people = {place.store_id: place.people for place in found if place.people}
    city_of = {place.store_id: place.city_id for place in found}
    if sum(people.values()) < FEWEST:
        assert groups == []
        return
    # The groups divide the whole audience, so every sum or difference of what is shown (stores, groups, cities, all) is
    # made of whole groups, and the smallest of them has five people.
    assert sorted(store for group in groups for store in group.store_ids) == sorted(people)
    for group in groups:
        assert group.people == sum(people[store] for store in group.store_ids) >= FEWEST
        if group.city_id is not None:
            assert {city_of[store] for store in group.store_ids} == {group.city_id}
    # A city is shown as a whole or not at all: what stands together holds no part of a city that is shown.
    shown = {group.city_id for group in groups if group.city_id is not None}
    rest = {city_of[store] for group in groups if group.city_id is None for store in group.store_ids}
    assert not shown & rest
    assert len({group.key for group in groups}) == len(groups)


def test_small_stores_stand_together_and_take_the_next_with_them():
    moscow = [Place(1, 1, 12), Place(2, 1, 9), Place(3, 1, 2)]
    kazan = [Place(4, 2, 3), Place(5, 2, 4)]
    perm, omsk = [Place(6, 3, 2)], [Place(7, 4, 6)]
    groups = {group.key: (group.store_ids, group.people) for group in grouped(moscow + kazan + perm + omsk)}
    assert groups == {
        "1": ((1,), 12),
        # Two people alone would be the city less its two shown stores.
        "city-1": ((2, 3), 11),
        "city-2": ((4, 5), 7),
        # The two people of Perm would be everybody less all cities, so the next smallest city goes along.
        "rest": ((6, 7), 8),
    }
