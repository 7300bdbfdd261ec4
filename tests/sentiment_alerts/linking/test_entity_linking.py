from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.article_scorers import COMPANIES
from textwire.errors import SettingsError
from textwire.sentiment_alerts.linking.entity_linking import Linker
from textwire.sentiment_alerts.scoring.clauses import linked_text
from textwire.sentiment_alerts.watchlist import WatchedCompany, read_watchlist, watchlist_path

LINKER = Linker(
    [
        *COMPANIES,
        WatchedCompany(name="Larkfield Invest"),
        WatchedCompany(name="Target"),
        WatchedCompany(name="T&V", ticker="600519.SH"),
        WatchedCompany(name="贵州茅台"),
        WatchedCompany(name="Halvers Stores", aliases=("Halvers",)),
    ]
)


def named(text: str) -> list[str]:
    return [mention.entity for mention in LINKER.mentions_in(text)]


@pytest.mark.parametrize(
    ("text", "companies"),
    [
        ("Northmere slumps", ["Northmere Energy"]),
        ("NORTHMERE SLUMPS", ["Northmere Energy"]),
        ("northmere energy slumps", ["Northmere Energy"]),
        ("Northmere's chief and Halvers' shops", ["Northmere Energy", "Halvers Stores"]),
        ("Northmere\u2019s chief", ["Northmere Energy"]),
        ("a Northmere-owned mill", ["Northmere Energy"]),
        ("Northmeres and Southnorthmere", []),
        ("The target was missed", []),
        ("Target misses its target", ["Target"]),
        ("Larkfield Invest and Larkfield Bank", ["Larkfield Invest", "Larkfield"]),
        ("Larkfield Investors meet", ["Larkfield"]),
        ("buy $NMRE now, sell $slvp.", ["Northmere Energy", "Solvanta Power"]),
        ("a charge (NMRE) and (NYSE: SLVP)", ["Northmere Energy", "Solvanta Power"]),
        ("LSE:LRKF rises", ["Larkfield"]),
        ("T&V (600519.SH) wins", ["T&V", "T&V"]),
        ("NMRE down 3% premarket", ["Northmere Energy"]),
        ("昨天贵州茅台股价下跌", ["贵州茅台"]),
        ("İstanbul: Northmere slumps", ["Northmere Energy"]),
        ("", []),
    ],
)
def test_companies_are_found_as_people_write_them(text: str, companies: list[str]) -> None:
    assert named(text) == companies


US = Linker(
    [
        WatchedCompany(name="Apple", ticker="AAPL"),
        WatchedCompany(name="Gartner", ticker="IT"),
        WatchedCompany(name="Caterpillar", ticker="CAT"),
        WatchedCompany(name="Allstate", ticker="ALL"),
        WatchedCompany(name="C3.ai", ticker="AI"),
        WatchedCompany(name="Target", ticker="TGT", aliases=("Target Corp",)),
        WatchedCompany(name="Gap", ticker="GPS"),
        WatchedCompany(name="Best Buy", ticker="BBY"),
        WatchedCompany(name="First Solar", ticker="FSLR"),
        WatchedCompany(name="Southern Company", ticker="SO"),
        WatchedCompany(name="Waste Management", ticker="WM"),
        WatchedCompany(name="AT&T", ticker="T"),
        WatchedCompany(name="Johnson & Johnson", ticker="JNJ", aliases=("J&J",)),
        WatchedCompany(name="Berkshire Hathaway", ticker="BRK-B", aliases=("Berkshire",)),
        WatchedCompany(name="Nestle", ticker="NESN"),
        WatchedCompany(name="Coca-Cola", ticker="KO"),
        WatchedCompany(name="ExxonMobil", ticker="XOM"),
        WatchedCompany(name="Microsoft", ticker="MSFT"),
        WatchedCompany(name="Ford", ticker="F", aliases=("Ford Motor",)),
        WatchedCompany(name="General Motors", ticker="GM"),
        WatchedCompany(name="Meta Platforms", ticker="META", aliases=("Meta", "Facebook")),
        WatchedCompany(name="Visa", ticker="V"),
        WatchedCompany(name="JPMorgan", ticker="JPM", aliases=("JP Morgan", "JPMorgan Chase")),
        WatchedCompany(name="Amazon", ticker="AMZN"),
        WatchedCompany(name="Walmart", ticker="WMT"),
        WatchedCompany(name="Nvidia", ticker="NVDA"),
    ]
)


def named_in_us(text: str) -> list[str]:
    return sorted({mention.entity for mention in US.mentions_in(linked_text(text, None))})


@pytest.mark.parametrize(
    "text",
    [
        "Shares of (Nasdaq: AAPL) fell",
        "Shares (NasdaqGS: AAPL) fell",
        "NASDAQ:AAPL falls",
        "Shares (AAPL.O) fell",
        "STOCKS <AAPL.O> FALL",
        "AAPL.O falls 3 pct",
        "Shares (AAPL US) fell",
        "AAPL US Equity falls",
        "AAPL down 3% premarket",
        "AAPL DOWN 3% PREMARKET",
        "$AAPL-led rally fades",
        "$aapl looking weak",
        "$ AAPL looking weak",
        "#AAPL looking weak",
        "aapl puts printing today",
        "APPLE SUED",
        "Apple sued",
        "Apple TV+ loses subscribers",
        "Apple-owned studio cuts jobs",
        "<b>Apple&#39;s</b> suppliers fall",
        "Apple\u2019s suppliers fall",
    ],
)
def test_a_company_is_found_in_the_forms_of_wires_and_posts(text: str) -> None:
    assert named_in_us(text) == ["Apple"]


@pytest.mark.parametrize(
    ("text", "companies"),
    [
        ("AAPL, MSFT lead tech lower", ["Apple", "Microsoft"]),
        ("$AAPL/$MSFT both lower", ["Apple", "Microsoft"]),
        ("Shares (NYSE:F) fall", ["Ford"]),
        ("F down 3% on recall", ["Ford"]),
        ("$BRK.B falls", ["Berkshire Hathaway"]),
        ("BRK-B hits record", ["Berkshire Hathaway"]),
        ("Gartner (IT) cuts view", ["Gartner"]),
        ("NYSE: IT falls", ["Gartner"]),
        ("CAT up 4% after earnings", ["Caterpillar"]),
        ("GM to cut 1,000 jobs", ["General Motors"]),
        ("GM, Ford shut plants", ["Ford", "General Motors"]),
        ("KO, PEP up", ["Coca-Cola"]),
        ("BRK.A rises", ["Berkshire Hathaway"]),
        ("$MSFT&amp;$AAPL lower", ["Apple", "Microsoft"]),
        ("Shares (NYSE - F) slip", ["Ford"]),
        ("[AAPL.O] falls", ["Apple"]),
        ("US$AAPL is no ticker", []),
    ],
)
def test_tickers_are_told_apart_from_words(text: str, companies: list[str]) -> None:
    assert named_in_us(text) == companies


@pytest.mark.parametrize(
    ("text", "companies"),
    [
        ("Nestl\u00e9 recalls pizza", ["Nestle"]),
        ("Nestle\u0301 recalls pizza", ["Nestle"]),
        ("NESTL\u00c9 CUTS OUTLOOK", ["Nestle"]),
        ("Johnson and Johnson loses talc case", ["Johnson & Johnson"]),
        ("J&amp;J wins case", ["Johnson & Johnson"]),
        ("AT&amp;T hit by outage", ["AT&T"]),
        ("AT & T loses subscribers", ["AT&T"]),
        ("Coca Cola raises prices", ["Coca-Cola"]),
        ("Exxon Mobil profit falls", ["ExxonMobil"]),
        ("J.P. Morgan fined", ["JPMorgan"]),
        ("J. P. Morgan warns", ["JPMorgan"]),
        ("JP Morgan Chase & Co. fined", ["JPMorgan"]),
        ("JPMorgan cuts Ford to underweight", ["Ford", "JPMorgan"]),
    ],
)
def test_names_are_found_in_all_their_spellings(text: str, companies: list[str]) -> None:
    assert named_in_us(text) == companies


@pytest.mark.parametrize(
    "text",
    [
        "Price Target Cut To $40",
        "Analysts trim price target on the stock",
        "Target Field hosts the final",
        "U.S. Visa Backlog Grows",
        "VISA BACKLOG GROWS",
        "UPDATE: IT spending falls",
        "Spending on information technology (IT) collapses",
        "Artificial intelligence (AI) bubble bursts",
        "AI bubble fears grow",
        "Hospital's computed axial tomography (CAT) scanner recalled",
        "BREAKING: ALL flights grounded after crash",
        "TOKYO: ON fears of recession, stocks fall",
        "BUY NOW, PAY LATER",
        "GM crops banned in Peru",
        "CAT rescued from tree",
        "Shares (ALL) fell",
        "Hackers Target Banks",
        "HACKERS TARGET BANKS",
        "Gap widens between rich and poor",
        "Trade Gap Narrows In June",
        "Student Visa Rules Tightened",
        "Pineapple exports fall",
        "People share the clip on Facebook",
        "Gap between rich and poor widens",
        "Gap in the fence lets cattle out",
        "City opens the first solar farm, over budget",
        "FIRST SOLAR FARM OPENS",
        "Poor waste management blamed for outbreak",
        "The best buy in a bad market",
        "Southern company fined for dumping waste",
        "Ford a river at your peril",
        "Harrison Ford injured on set",
        "Ford Foundation loses grant",
        "Meta-analysis finds drug useless",
        "Meta analysis shows drug works",
        "Amazon rainforest fires worsen",
        "Fires in the Amazon worsen",
        "Apple pie prices hit a record",
        "Apple Pie Prices Hit A Record",
    ],
)
def test_what_is_only_a_word_names_nobody(text: str) -> None:
    assert named_in_us(text) == []


@pytest.mark.parametrize(
    ("text", "company"),
    [
        ("Target cuts outlook", "Target"),
        ("Target Cuts Full-Year Outlook", "Target"),
        ("TARGET CUTS OUTLOOK", "Target"),
        ("Gap to close 200 stores", "Gap"),
        ("GAP SHARES TUMBLE", "Gap"),
        ("Gap Inc names new chief", "Gap"),
        ("Visa beats estimates", "Visa"),
        ("Visa's profit rises", "Visa"),
        ("Best Buy cuts forecast", "Best Buy"),
        ("First Solar soars on tax credit", "First Solar"),
        ("Waste Management buys rival", "Waste Management"),
        ("Ford recalls trucks", "Ford"),
        ("Meta fined over data", "Meta Platforms"),
        ("Facebook fined over data", "Meta Platforms"),
        ("Facebook posts record profit", "Meta Platforms"),
        ("Company bans ads on Facebook", "Meta Platforms"),
        ("Amazon fires hundreds of managers", "Amazon"),
        ("Buyers ask whether Target on its own will last", "Target"),
        ("Can anybody save the Gap?", "Gap"),
        ("Visa, Mastercard Fees Probed", "Visa"),
        ("ATT data stolen", "AT&T"),
    ],
)
def test_a_word_names_a_company_that_does_what_companies_do(text: str, company: str) -> None:
    assert named_in_us(text) == [company]


@pytest.mark.parametrize(
    ("text", "companies"),
    [
        ("Rob Ford's brother seeks office", []),
        ("Mr. Ford declined to testify", []),
        ("Ford, who led Ontario, dies", []),
        ("Ford, 65, leaves the stage", []),
        ("Ford, which cut jobs, warns", ["Ford"]),
        ("Fiona Apple cancels tour", []),
        ("Walmart Museum opens in Arkansas", []),
        ("Johnson & Johnson Stadium renamed", []),
        ("Gap Falls After Results", ["Gap"]),
        ("Nvidia Falls After Results", ["Nvidia"]),
        ("Visa plans $25 billion buyback", ["Visa"]),
        ("Amazon floods Europe with cheap goods", ["Amazon"]),
        ("Target on track for record year", ["Target"]),
        ("Shoppers leave Target for Walmart", ["Target", "Walmart"]),
        ("Gap in talks to sell its name", ["Gap"]),
        ("Police appeal on Facebook for witnesses", []),
    ],
)
def test_a_person_and_a_place_are_no_company(text: str, companies: list[str]) -> None:
    assert named_in_us(text) == companies


@pytest.mark.parametrize(
    ("text", "companies"),
    [
        ("ALL down 3% after hurricane", ["Allstate"]),
        ("IT down 3%, banks up in Mumbai", []),
        ("KO, PEP, T, V all fall", ["AT&T", "Coca-Cola", "Visa"]),
        ("Stocks to watch: AAPL; MSFT; GM; F", ["Apple", "Ford", "General Motors", "Microsoft"]),
        ("Dow movers: CAT, V, T", ["AT&T", "Caterpillar", "Visa"]),
        ("Broker cuts F to underweight", ["Ford"]),
        ("CAT upgraded at Larkfield", ["Caterpillar"]),
        ("F rises 3%, GM flat", ["Ford", "General Motors"]),
        ("FORD, GM SALES FALL", ["Ford", "General Motors"]),
        ("Buy AAPL, sell F, says fund", ["Apple", "Ford"]),
    ],
)
def test_a_ticker_is_told_by_what_the_market_says(text: str, companies: list[str]) -> None:
    assert named_in_us(text) == companies


WORLD = Linker(
    [
        WatchedCompany(name="Deutsche Bank", ticker="DBK.DE"),
        WatchedCompany(name="Tencent", ticker="0700.HK"),
        WatchedCompany(name="BP", ticker="BP.L"),
        WatchedCompany(name="Orange", ticker="ORA.PA"),
        WatchedCompany(name="\u00d8rsted", ticker="ORSTED.CO"),
        WatchedCompany(name="Eni", ticker="ENI.MI"),
        WatchedCompany(name="Kia", ticker="000270.KS"),
        WatchedCompany(name="Trip.com", ticker="TCOM"),
        WatchedCompany(name="Dr Reddy's", ticker="DRREDDY.NS"),
        WatchedCompany(name="Mahindra & Mahindra", ticker="M&M.NS"),
        WatchedCompany(name="HDFC", ticker="HDFC.NS"),
        WatchedCompany(name="Bank of China", ticker="3988.HK"),
        WatchedCompany(name="United Airlines", ticker="UAL", aliases=("United",)),
        WatchedCompany(name="Bank of America", ticker="BAC"),
        WatchedCompany(name="Goldman Sachs", ticker="GS"),
        WatchedCompany(name="Hewlett Packard Enterprise", ticker="HPE"),
        WatchedCompany(name="International Business Machines", ticker="IBM", aliases=("IBM",)),
        WatchedCompany(name="United Parcel Service", ticker="UPS"),
        WatchedCompany(name="GAIL", ticker="GAIL.NS"),
        WatchedCompany(name="BOB"),
    ]
)


@pytest.mark.parametrize(
    ("text", "companies"),
    [
        ("DBK GR lower", ["Deutsche Bank"]),
        ("(ETR: DBK) lower", ["Deutsche Bank"]),
        ("HKG:0700 drops", ["Tencent"]),
        ("700.HK sinks", ["Tencent"]),
        ("Fine of $700 and $0700 paid", []),
        ("700 jobs to go in Leeds", []),
        ("(EPA:ORA) lower", ["Orange"]),
        ("\u00d8rsted and Oersted are one", ["\u00d8rsted", "\u00d8rsted"]),
        ("ENI finds gas off Cyprus", ["Eni"]),
        ("Soldiers KIA in ambush", []),
        ("Trip.com rises", ["Trip.com"]),
        ("A trip.", []),
        ("Dr. Reddy's recalls drug", ["Dr Reddy's"]),
        ("M&M recalls cars, M&Ms cost more", ["Mahindra & Mahindra"]),
        ("HDFC Life and ICICI fall", []),
        ("HDFC and HDFC Life fall", ["HDFC"]),
        ("People's Bank of China cuts rates", []),
        ("Bank of China cuts rates", ["Bank of China"]),
        ("United Nations warns; Manchester United sinks", []),
        ("United to furlough 36,000", ["United Airlines"]),
        ("BofA lifts view, Goldman does not", ["Bank of America", "Goldman Sachs"]),
        ("Hewlett-Packard Enterprise cuts jobs", ["Hewlett Packard Enterprise"]),
        ("I.B.M. to split", ["International Business Machines"]),
        ("UPS to cut 12,000 jobs", ["United Parcel Service"]),
        ("Gail Kelly to leave", []),
        ("Gail, BoB fall", ["GAIL", "BOB"]),
    ],
)
def test_companies_of_the_world_are_found(text: str, companies: list[str]) -> None:
    assert [mention.entity for mention in WORLD.mentions_in(text)] == companies


def test_what_the_watchlist_calls_another_is_not_also_somebody_else() -> None:
    linker = Linker([WatchedCompany(name="Goldman Sachs"), WatchedCompany(name="Goldman")])
    assert [m.entity for m in linker.mentions_in("Goldman falls")] == ["Goldman"]


def test_a_longer_name_that_is_watched_is_found() -> None:
    linker = Linker([WatchedCompany(name="HDFC Life"), WatchedCompany(name="HDFC")])
    assert [m.entity for m in linker.mentions_in("HDFC Life falls, HDFC rises")] == [
        "HDFC Life",
        "HDFC",
    ]
    alias = Linker([WatchedCompany(name="HDFC", aliases=("HDFC Life",))])
    assert [m.entity for m in alias.mentions_in("HDFC Life falls")] == ["HDFC"]


def test_a_word_that_names_a_company_tells_of_the_word_beside_it() -> None:
    assert named_in_us("TARGET, BEST BUY WARN ON TARIFFS") == ["Best Buy", "Target"]


def test_a_word_of_the_headline_is_explained_by_the_body() -> None:
    text = linked_text("Target Sinks", "Shares of Target Corp fell 8 percent in New York.")
    assert {mention.entity for mention in US.mentions_in(text)} == {"Target"}


def test_context_must_stand_near_a_name_that_may_be_another() -> None:
    linker = Linker([WatchedCompany(name="Larkfield", ticker="LRKF", context=("bank", "loan"))])
    found = [bool(linker.mentions_in(text)) for text in (
        "Larkfield cuts rates at its banks",
        "Larkfield's loans turn sour",
        "Larkfield parish holds its fair",
        "$LRKF holds its own",
    )]  # fmt: skip
    assert found == [True, True, False, True]


def test_a_phrase_of_the_watchlist_is_not_the_company() -> None:
    linker = Linker([WatchedCompany(name="Larkfield", not_=("Larkfield parish", "Old Larkfield"))])
    assert not linker.mentions_in("Larkfield parish holds its fair at Old Larkfield")
    assert len(linker.mentions_in("Larkfield cuts rates; Larkfield Parish protests")) == 1


def test_names_in_small_letters_are_words_that_are_watched() -> None:
    linker = Linker([WatchedCompany(name="crude oil"), WatchedCompany(name="gold")])
    assert [m.entity for m in linker.mentions_in("Gold up, crude oil down")] == [
        "gold",
        "crude oil",
    ]


def test_legal_forms_need_not_be_said() -> None:
    linker = Linker([WatchedCompany(name="Northmere Plc"), WatchedCompany(name="Target Inc.")])
    assert [m.entity for m in linker.mentions_in("Northmere misses its target")] == [
        "Northmere Plc"
    ]


def test_a_mention_says_where_it_stands() -> None:
    text = "İİ Shares of Northmere Energy fall"
    (mention,) = LINKER.mentions_in(text)
    assert text[mention.start : mention.end] == "Northmere Energy"


@given(st.text(alphabet="Nortme $(:)NMRE.,'İß\u00df\n茅台", max_size=60))
def test_any_text_can_be_read_and_mentions_stand_apart_in_order(text: str) -> None:
    mentions = LINKER.mentions_in(text)
    assert all(0 <= m.start < m.end <= len(text) for m in mentions)
    assert all(a.end <= b.start for a, b in pairwise(mentions))


def test_two_companies_of_one_name_are_told_with_their_lines(tmp_path) -> None:
    path = tmp_path / "companies.jsonl"
    path.write_text(
        '{"name": "Northmere Energy", "aliases": ["Northmere"]}\n'
        '{"name": "Northmere Foods", "aliases": ["NORTHMERE"]}\n'
    )
    with pytest.raises(
        SettingsError, match=r"Northmere Energy .*line 1\) and Northmere Foods .*2\)"
    ):
        read_watchlist(path)


def test_context_and_phrases_may_stand_in_a_table(tmp_path) -> None:
    path = tmp_path / "companies.csv"
    path.write_text("name,context,not\nTarget,store|retailer,price target|on target\n")
    (company,) = read_watchlist(path)
    assert company.context == ("store", "retailer")
    assert company.not_ == ("price target", "on target")


def test_context_and_phrases_may_stand_in_json_lines(tmp_path) -> None:
    path = tmp_path / "companies.jsonl"
    path.write_text('{"name": "Target", "context": ["store"], "not": ["price target"]}\n')
    (company,) = read_watchlist(path)
    assert (company.context, company.not_) == (("store",), ("price target",))


def test_two_companies_of_one_ticker_are_told() -> None:
    with pytest.raises(SettingsError, match=r"\$abc"):
        Linker([WatchedCompany(name="One", ticker="ABC"), WatchedCompany(name="Two", ticker="abc")])


def test_a_watchlist_may_be_a_table(tmp_path) -> None:
    path = tmp_path / "companies.csv"
    path.write_text(
        "name,ticker,aliases,sector\nNorthmere Energy,NMRE,Northmere|NM Energy,energy\n"
    )
    (company,) = read_watchlist(path)
    assert company == WatchedCompany(
        name="Northmere Energy", ticker="NMRE", aliases=("Northmere", "NM Energy"), sector="energy"
    )


@pytest.mark.parametrize(
    ("content", "says"),
    [("", "is empty"), ('{"ticker": "A"}\n', "line 1: there is no `name`"), ("{\n", "not JSON")],
)
def test_a_broken_watchlist_says_where(content: str, says: str, tmp_path) -> None:
    path = tmp_path / "companies.jsonl"
    path.write_text(content)
    with pytest.raises(SettingsError, match=says):
        read_watchlist(path)


def test_the_sample_watchlist_can_be_used() -> None:
    assert Linker(read_watchlist(watchlist_path(None))).companies


AWKWARD = Linker(
    [
        WatchedCompany(name="Sprint", ticker="S"),
        WatchedCompany(name="Vale", ticker="VALE"),
        WatchedCompany(name="Volvo", ticker="VOLV-B.ST"),
        WatchedCompany(name="Reliance Industries", aliases=("Reliance",)),
        WatchedCompany(name="Southwest Airlines", ticker="LUV", aliases=("Southwest",)),
        WatchedCompany(name="Novo Nordisk"),
        WatchedCompany(name="Rio Tinto", ticker="RIO"),
    ]
)


@pytest.mark.parametrize(
    ("text", "companies"),
    [
        ("Sprint star takes world 100m gold", []),
        ("Sprint adds subscribers as price war eases", ["Sprint"]),
        ("Wind farm splits Vale of Glamorgan villagers", []),
        ("Vale raises iron ore forecast", ["Vale"]),
        ("Volvo Cars recalls EX30 over battery fire risk", []),
        ("Volvo truck orders rise 25%", ["Volvo"]),
        ("Reliance on imported gas leaves Italy exposed", []),
        ("Reliance on track for record profit", ["Reliance Industries"]),
        ("Southwest Georgia braces for second hurricane", []),
        ("Southwest to end open seating", ["Southwest Airlines"]),
        ("Novo jumps as rival's pill disappoints", ["Novo Nordisk"]),
        ("Court bars ousted boss from Rio property", []),
        ("Floods hit Rio de Janeiro", []),
        ("Rio lifts dividend as iron ore climbs", ["Rio Tinto"]),
    ],
)
def test_names_that_are_part_of_places_and_phrases(text: str, companies: list[str]) -> None:
    assert [mention.entity for mention in AWKWARD.mentions_in(text)] == companies


@pytest.mark.parametrize(
    ("text", "companies"),
    [
        ("Kelso moves Target to Neutral from Overweight", ["Target"]),
        ("Broker Takes Gap Back To Hold", ["Gap"]),
        ("Price target at hold level", []),
    ],
)
def test_what_brokers_rate_is_a_company(text: str, companies: list[str]) -> None:
    assert named_in_us(text) == companies


SAID_ALSO = Linker(
    [
        WatchedCompany(name="UBS", ticker="UBS"),
        WatchedCompany(name="BP", ticker="BP"),
        WatchedCompany(name="UPS", ticker="UPS"),
        WatchedCompany(name="Uber", ticker="UBER"),
        WatchedCompany(name="ON Semiconductor", ticker="ON"),
        WatchedCompany(name="ServiceNow", ticker="NOW"),
        WatchedCompany(name="Caterpillar", ticker="CAT"),
    ]
)


@pytest.mark.parametrize(
    ("text", "companies"),
    [
        ("Concert at UBS Arena called off", []),
        ("UBS sees rates lower", ["UBS"]),
        ("Why BP readings at the chemist mislead", []),
        ("BP sells pipeline stake", ["BP"]),
        ("Pharmacists like $BP readings into earnings", ["BP"]),
        ("UPS and downs of a trader's life", []),
        ("UPS and its drivers agree", ["UPS"]),
        ("The uber-rich buy islands", []),
        ("Uber-rich flock to Dubai", []),
        ("Uber-backed start-up lists", ["Uber"]),
    ],
)
def test_a_symbol_that_is_the_name_as_well_is_read_as_the_name(
    text: str, companies: list[str]
) -> None:
    assert [mention.entity for mention in SAID_ALSO.mentions_in(text)] == companies


@pytest.mark.parametrize(
    ("text", "companies"),
    [
        ("ON THE MOVE: ON +5%, NOW -2%", ["ON Semiconductor", "ServiceNow"]),
        ("MOVING NOW: SALES ON THE RISE", []),
        ("CAT, DEX, PCRX down as farm slump spreads", ["Caterpillar"]),
        ("CAT scan backlog grows", []),
    ],
)
def test_a_move_with_its_sign_stands_beside_a_ticker(text: str, companies: list[str]) -> None:
    assert [mention.entity for mention in SAID_ALSO.mentions_in(text)] == companies
