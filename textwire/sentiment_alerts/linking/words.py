"""English words by what they say of a name that stands beside them, or that they are themselves.

`common_words.txt` holds the words that stand in small letters in this project's own texts (its
samples, and the headlines that its sentiment model is trained on), and, written by hand, words
that companies are named after; `everyday_words.txt` those that stand there a dozen times or more.
They are asked of names alone: which of them a text may use as a word.
"""

from __future__ import annotations

from pathlib import Path

import msgspec


def words_of(text: str) -> frozenset[str]:
    """The words of a text that lists them."""
    return frozenset(text.split())


def _beside(file: str) -> str:
    return Path(__file__).with_name(file).read_text(encoding="utf-8")


COMMON_WORDS = words_of(_beside("common_words.txt"))
# Of those, what says of which kind a thing is, of names of companies too: "sharp rise".
ADJECTIVES = words_of(
    "sharp steep swift brisk rapid steady smart wise bright keen bold brave clear fresh crisp pure "
    "prime solid stable strong mighty robust sturdy lucid vivid agile nimble eternal infinite "
    "perpetual major minor supreme superior ultimate optimal royal noble grand divine sublime "
    "serene placid radiant brilliant luminous faithful fearless subtle gentle fierce "
    "universal global public private civic urban rural marine polar arctic tropical lunar solar "
    "cosmic twin dual broad deep great"
)
EVERYDAY_WORDS = words_of(_beside("everyday_words.txt"))
FUNCTION_WORDS = words_of(
    "a an the of in on at to by for from with as and or but not no nor is are was were be been "
    "being it its this that these those he she they we you i his her their our your my me him "
    "them us if then than so do does did has have had will would can could may might should "
    "must who what which when where why how all any some one two after before over under up "
    "down out off into onto about against between amid via per more most less least very too "
    "also just only even still yet ever never now well go here there such own same both each "
    "few while because until during"
)
# What capitals stand for beside tickers.
ABBREVIATIONS = words_of(
    "AI AM API APR AR ATM BA BBC BRICS CAD CAGR CAT CBI CDC CEO CFO CFTC CIA CIO CMO COO COP "
    "CPI CPU CSR CT CTO CV DIY DIS DNA DOJ DVD ECB EEC EMEA EPA EPS ESG ETF EU EUR EV FAQ FBI "
    "FCA FCC FDA FDI FED FIFA FII FTC FTSE FX FY GAAP GBP GDP GM GPS GPU GST HIV HMRC HQ HR "
    "IAEA ICU ID IEA IFRS IMF INR IOT IP IPO IRA IRS ISP IT JPY JV KO KPI LED LLC LLM LNG LPG "
    "MA MBA MD MEP ML MP MRI NASA NATO NBA NFL NGO NHS NPA NRI NY OECD OK OPEC PC PE PIN PLC PM "
    "PMI PR PSU PV QE RBA RBI RD RNA ROE ROI SAAS SEBI SEC SIM SMS SPAC SPF SUV TB TV UAE UFO "
    "UK UN US USA USB USD VAR VAT VC VIP VP VPN VR WHO WTO WWF YOY AIR ALL ANY ARE BIG CAR EAT "
    "FAST FUN GO HAS HE KEY LOW NET NEW NOW ON ONE OUT PAY RUN SEE SO TWO WELL YOU JAN FEB MAR "
    "JUN JUL AUG SEP SEPT OCT NOV DEC MON TUE WED THU FRI SAT SUN QTR YR YRS SHR REV MLN BLN "
    "PCT CTS DIV AVG EST MED STG DLR DLRS KIA MIA"
)
DEMONYMS = words_of(
    "american british english scottish welsh irish french german italian spanish portuguese "
    "dutch belgian swiss austrian danish swedish norwegian finnish polish czech hungarian greek "
    "turkish russian ukrainian israeli saudi egyptian nigerian kenyan indian pakistani chinese "
    "japanese korean taiwanese thai vietnamese malaysian singaporean indonesian filipino "
    "australian canadian mexican brazilian argentine chilean european asian african western "
    "eastern northern southern monday tuesday wednesday thursday friday saturday sunday january "
    "february march april may june july august september october november december detroit "
    "seattle london tokyo paris berlin mumbai delhi beijing shanghai hong kong york texas "
    "california washington brussels"
)
# What is done to and by them is seldom a company's: "Fox attacks rise".
ANIMALS = words_of(
    "fox puma jaguar panther leopard lynx cougar bison buffalo stag badger otter beaver wolf bear "
    "lion tiger cobra viper python dolphin orca marlin falcon eagle hawk raven swan heron osprey "
    "kestrel robin wren bull ram mustang impala kangaroo koala panda"
)
# Words for what one hears of something: "intel on smugglers".
REPORTS = words_of("intel info signal signals")
# A place or a body that bears a name is not the company of that name: "Ford Foundation".
INSTITUTIONS = words_of(
    "center centre coliseum speedway marathon foundation university college school "
    "academy institute hospital clinic museum gallery library theatre theater arena stadium "
    "field park street avenue road lane boulevard "
    "square plaza bridge airport station church cathedral hall prize "
    "fellowship scholarship society council county city river lake island islands bay valley "
    "beach mountain mountains hills forest rainforest cup bowl trophy "
    "observatory cemetery township village district tour nebula mons constellation"
)
# What bears a name where one of these stands before it: "Mount Olympus", "HMS Pandora".
PLACES_AND_SHIPS = words_of("mount mt lake cape fort port saint isle hms uss hmas rrs")
# Whose name is an army's: "SAS troops".
TROOPS = words_of(
    "troops troop soldier soldiers regiment squadron battalion brigade commandos barracks "
    "paratroopers infantry garrison"
)
# Those of a creed or a tale, not of a company: "Vedanta society".
BODIES_OF_TEACHING = words_of(
    "society scholar scholars teachings scripture scriptures ashram monastery monk monks temple "
    "shrine mythology goddess"
)
# What measures have, and whoever has them: "high BP", "check your BP".
LEVELS = words_of("high low raised elevated normal abnormal systolic")
OWN = words_of("my your his her our their")
MEASURED_BY = words_of(
    "reading readings monitor monitors cuff cuffs medication medications medicine"
)
# "an Apple-owned brand" is of Apple; a "target-date fund" is of nobody.
COMPOUNDS = words_of(
    "owned backed led made based built branded brand style run controlled listed linked "
    "designed supplied like maker parent funded powered sponsored rival related affiliated "
    "developed operated managed bound approved only compatible invested dominated engineered "
    "hosted loving exposed sized supplier bashing heavy"
)
BEFORE_HYPHEN = words_of("non ex anti pro pre post former")
LEGAL_FORMS = words_of(
    "inc incorporated corp corporation co company plc ltd limited llc group holdings ag se nv "
    "sa asa oyj spa gmbh"
)
# Where people post: "share this on Facebook" says nothing of the company.
PLATFORMS = words_of(
    "facebook twitter instagram youtube linkedin tiktok whatsapp snapchat reddit pinterest "
    "telegram x"
)
POSTED = words_of("post page group video livestream account followers")
POSTING = words_of(
    "share shares shared sharing follow follows followed post posts posted posting tweet tweets "
    "tweeted like likes liked join joins us video videos photo photos picture pictures live "
    "viral comment comments commented message messages trending rant wrote friends "
    "live-streamed streamed appeal appeals appealed asks"
)
# What companies do and have, and words seldom do: "GM recalls", "Target to close", "Gap shares".
COMPANY_ACTS = words_of(
    "downgrades initiates reiterates "
    "acquires agrees announces appeals appoints axes beats bids boosts borrows builds buys "
    "cancels closes completes cuts declares delays delists denies discloses divests drops ends "
    "enters exits expands explores faces files fires forecasts furloughs halts hikes hires "
    "holds invests issues launches lays licenses loses lowers merges misses names offers opens "
    "ousts outlines partners pauses pays picks plans pledges posts pulls puts raises recalls "
    "refinances reinstates rejects replaces reports restarts resumes retreats reveals says "
    "scraps seeks sees sells settles shuts signs slashes sues suspends taps teams tells trims "
    "unveils upgrades urges warns wins withdraws sued fined shares stock investors shareholders "
    "ceo cfo chief boss chairman executives workers employees staff profit profits revenue "
    "sales earnings results quarterly stores store plant plants factory customers dividend "
    "bonds ipo layoffs outlook guidance forecast takeover bidder executive spokesman spokeswoman "
    "lawyers lawsuit subscribers subsidiary bosses stockholders"
)
# And what is said of them in two words: "Target on track", "Gap in talks".
COMPANY_STATES = (
    "on track",
    "on course",
    "in talks",
    "in deal",
    "in pact",
    "in settlement",
    "under fire",
    "under pressure",
    "under investigation",
    "back in",
    "near deal",
    "close to",
)
# What shares do.
MOVES = (
    "falls?|drops?|slides?|slips?|sinks?|tumbles?|slumps?|plunges?|dips?|eases?|sheds|loses|rises?"
    "|gains?|climbs?|jumps?|soars?|surges?|adds|pops|rall(?:y|ies|ied)"
)
# Whom somebody leaves, sues or buys is a company, of names that may be: "Shoppers Leave Target".
ACTED_ON = words_of(
    "sue sues sued fines fined probes probing overtakes topples joins leave leaves quit quits "
    "ditch ditches boycott boycotts boycotting acquire acquires downgrade downgrades upgrade "
    "upgrades backs chairs tops overtake rivals competitor retailer carmaker automaker chipmaker "
    "drugmaker insurer lender airline"
)
# What stands before a person's name.
PERSON_TITLES = words_of(
    "mr mrs ms sir lord lady dame prof professor president premier senator governor mayor judge "
    "congressman congresswoman colonel sergeant detective actor actress singer"
)
TO_COMPANY_ACTS = words_of(
    "downgrades initiates reiterates "
    "acquire announce appeal appoint axe bid borrow build buy cancel close cut delist divest "
    "exit expand explore fire furlough halt hike hire invest issue launch lay list merge open "
    "pay pull raise recall replace report resume scrap seek sell settle shed shut slash spin "
    "split sue suspend trim unveil withdraw"
)
GIVEN_NAMES = words_of(
    "adam alan albert alex alexander alice amy andrew ann anna anne anthony arthur barbara ben "
    "betty bill bob brian carl carol caroline charles charlotte chris christopher claire daniel "
    "dave david dean deborah dennis diana donald doug douglas edward elizabeth ellen emily emma "
    "eric faith frank fred gary george gerald gordon graham grace greg harold harrison harry "
    "helen henry howard hugh ian jack jacob james jane janet jason jean jennifer jessica jim "
    "joan joe john jon jonathan joseph josh joshua judy julia julie karen kate katherine keith "
    "kelly ken kenneth kevin larry laura lauren lawrence lee linda lisa louis louise lucy luke "
    "margaret maria mark martha martin mary matt matthew max megan melissa michael michelle "
    "mike nancy nathan neil nicholas nick nicole nikola oliver olivia oscar pamela patricia "
    "patrick paul peter phil philip rachel ralph ray rebecca richard rick rob robert robin "
    "roger ron ronald rose roy russell ruth ryan sam samantha samuel sandra sara sarah scott "
    "sean sharon simon sophie stephen steve steven stuart susan ted terry thomas tim timothy "
    "tina tom tony victor victoria vincent walter wendy william zoe aaron abigail adrian aidan "
    "alison allison amanda amber andrea angela antonio ashley audrey  barry benjamin beth "
    "beverly billy blake bobby brad bradley brandon brenda brett bruce bryan caitlin cameron "
    "carla carlos catherine cathy charlie cheryl chloe christina christine cindy clara colin "
    "connor craig curtis cynthia darren dave debbie denise derek diane dominic dorothy duncan "
    "dylan earl eddie eleanor erin ernest ethan eugene eva evan fiona frances gail gavin geoff "
    "geoffrey  gerard gina gloria gwen hannah hazel heather heidi henrik holly isaac "
    "isabel jackie jeff jeffrey jenny jeremy jerry jill jimmy joel johnny  jose joyce juan "
    "judith justin katie kathleen kathryn kathy katy ken kim kirk kristen kurt kyle leon leonard "
    "leslie lewis liam  logan lori lynn malcolm marcus margot maria marie marilyn marion "
    "marjorie marsha matthias maureen maurice  michele miguel miranda mitch molly monica "
    " naomi natalie nicola nigel nina noah norman patti pedro peggy penny pete randy "
    "raymond rita robyn rodney  rosa rosemary ross ruby rupert russ ruth sally sergio seth "
    "shannon sheila shirley sonia sophia stacy stan stella stuart sylvia tamara tanya tara teresa "
    "theresa todd tracy travis trevor troy valerie vanessa vera vernon  vivian warren "
    "wayne  yvonne boris elis iris aurora hugo leo felix stefan anders lars ingrid "
    "astrid sven bjorn rhys gareth owain sian nia ewan hamish rajesh suresh anil mukesh priya "
    "anita sunil vijay ravi arjun deepak sanjay  jesus michel pierre klaus hans   "
)
# Of companies that many watch: phrases in which what they are called is something else.
OTHER_MEANINGS: dict[str, tuple[str, ...]] = msgspec.json.decode(
    _beside("other_meanings.json"), type=dict[str, tuple[str, ...]]
)
# Companies, bodies and places whose names hold another's: "United Nations", "HDFC Life".
LONGER_NAMES: tuple[str, ...] = msgspec.json.decode(
    _beside("longer_names.json"), type=tuple[str, ...]
)
# What well-known companies are called besides: "BofA".
ALSO_CALLED: dict[str, tuple[str, ...]] = msgspec.json.decode(
    _beside("also_called.json"), type=dict[str, tuple[str, ...]]
)
