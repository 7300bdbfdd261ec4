"""Words that tell the tone of a comment, and that it is about the purchase, in many languages.

An encoder that reads one language places a complaint in another beside whatever has like letters.
Words that people complain with are few, so where the encoder does not read, these do; where it
does, they speak beside it.

Source: Taboada et al. 2011, "Lexicon-based methods for sentiment analysis", of which only signs
and the turning of a word by a negation before it are taken.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable

from textwire.recommendations.folding import folded

# A negation turns what stands at most so many words behind it, and in the same part of a sentence.
REACH = 4
# Beginnings of words, folded; `_` parts the words of a phrase. A word that is whole ends in `|`.
AGAINST = """
hate awful terribl horribl worst rubbish garbage junk trash useless broke| broken| breaks| blunt
disappoint regret| waste_of fell_apart came_off poor| poorly bad| badly crap| sucks| unusable
defective faulty flimsy zero_stars one_star| never_again no_thanks| nope| stand_th stay_away avoid|
worthless pathetic dreadful annoying unbearable dangerous rust| rusts| rusted| dull|
leaks leaking cracked
stopped_working does_not_work doesn_t_work money_back no_money_back ripoff rip_off scam| fake| ugly|
shoddy do_not_buy don_t_buy dont_buy do_not_waste not_like don_t_like dont_like didn_t_like
doesn_t_like nothing_but_trouble wouldn_t_give not_worth
fallen_apart falls_apart fall_apart falling_apart thanks_for_nothing jammed ripped_apart
does_not_close doesn_t_close does_not_hold doesn_t_hold does_not_cut doesn_t_cut does_not_fit
doesn_t_fit does_not_charge doesn_t_charge does_not_turn_on doesn_t_turn_on did_not_last didn_t_last
oh_great| does_nothing meh| would_not_buy wouldn_t_buy wrong_item wrong_size|
tore| torn| ripped| snapped| shattered| leaked| rusty| peeled| peeling| flaked| overheats| jams|
jamming| came_apart come_apart comes_apart came_undone came_loose come_loose fell_off falls_off
comes_off dead_on_arrival never_worked threw_it_away throw_it_away threw_it_out in_the_bin
cannot_use can_t_use could_not_use too_small| too_thin| too_big| too_weak| too_loud|
schlecht mies| miese stumpf kaputt hasse| furchtbar schrecklich enttausch nie_wieder finger_weg
abgebrochen rostet defekt mull| schrott mangelhaft unbrauchbar argerlich katastroph zerbrochen
billig minderwertig nutzlos unzufrieden gefallt_mir_nicht gefallt_nicht hat_nicht_gefallen
nul| nulle decu decevant mauvais horreur casse| cassee horripilant deteste inutile plus_jamais
catastroph arnaque pourri defectueux deplorable a_fuir
odio| odiar malo| mala| malisim pesim terribl roto| rota| rompio| rompe decepcion basura inutil
nunca_mas no_lo_compr no_la_compr defectuos estafa horroros
pessim orribil delus rotto| rotta| inutilizz spazzatura mai_piu difettos scadente brutto
ruim| pessimo decepcion quebrou nao_compr lixo| defeituos
slecht waardeloos kapot| teleurgesteld teleurstell nooit_meer rommel| waardeloz
kotu| berbat rezalet begenmedim| tavsiye_etme memnun_degil
okropn fataln najgorsz zepsu rozczarow beznadziejn nie_polecam nigdy_wiecej badziew
ужасн плох отвратительн сломал разочаров не_покупайте никогда_больше мусор| хуже тупой| брак|
"""
FOR = """
love| loved| loves| lovely|
great excellent perfect good| best| wonderful amazing happy recommend favourite
favorite beautiful brilliant superb fantastic awesome pleased nice| nicely joy| ideal| delight
satisfied adore enjoy fine| like_it| likes_it happier sturdy| solid| flawless like_butter
worth_every| easy_to could_not_put_it_down couldn_t_put_it_down
couldn_t_be_happier could_not_be_happier couldn_t_be_better could_not_be_better
can_t_recommend_it_enough cannot_recommend_it_enough can_t_recommend_enough can_t_fault cannot_fault
can_t_complain cannot_complain don_t_hesitate do_not_hesitate
gut| gute| gutes| guter| super| toll| tolle| tolles| perfekt zufrieden gerne| bestens| hervorragend
empfehl klasse| spitze| liebe| ausgezeichnet wunderbar prima| gefallt_mir hat_mir_gefallen
bon| bonne| recommand parfait adore| excellent genial content| contente| satisfait ravi| ravie|
aime| aimons| pas_mal| me_gusta me_gusto| me_encant no_esta_mal nada_mal
bueno| buena| buen| excelent perfect encanta content feliz| recomiend recomend
ottim buon perfett eccellent bell soddisfatt consigli mi_piace| piaciut non_male| niente_male|
otim bom| boa| adorei| recomendo| satisfeit gostei| gosto|
goed| mooi| uitstekend tevreden geweldig fijn| aanrader|
swietn dobr polecam zadowol doskonal rewelacyjn podoba spodobal
guzel harika mukemmel memnun tavsiye_eder begendim|
отличн хорош прекрасн супер доволен довольн рекоменд замечательн нравит понравил
"""
# Of what is told of and of oneself, which is neither for nor against what it is said of.
NEITHER = """
terrible_news| awful_news| horrible_news| sad_news| bad_news| heartbreaking my_own_fault my_fault
my_own_mistake my_mistake my_bad| ordered_the_wrong bought_the_wrong picked_the_wrong took_the_wrong
rest_in_peace condolences thoughts_are_with eigene_schuld mein_fehler ma_faute mi_culpa
"""
TURNING = """
not| no| never| nothing| without| hardly| barely| t| cannot| cant| dont| wont| isnt| wouldnt| aint|
nicht| kein keine keinen nie| niemals| ohne|
ne| n| pas| jamais| sans| aucun
no| nunca| sin| ni| non| mai| senza| nao| sem| niet| geen| nooit| nie| bez| не| нет| без| ни|
"""
# Behind a negation these turn nothing: not only beautiful.
ONLY = frozenset(
    {
        *("only", "just", "merely", "nur", "seulement", "solo", "solamente", "apenas", "alleen"),
        *("tylko", "только"),
    }
)
SERVICE = """
wrong_item
deliver shipping shipped parcel package| courier postage arriv seller refund customer_s order| post|
liefer versand paket verkaufer bestell kundendienst geliefert
livraison livre| colis vendeur commande envio| entrega| paquete vendedor pedido| spedizion consegna
venditore ordine| levering pakket verkoper bestelling dostaw przesylk sprzedaw доставк посылк продав
"""
# Of scripts that part no words: found anywhere.
AGAINST_SIGNS = (
    *(
        "差",
        "坏了",
        "太慢",
        "垃圾",
        "失望",
        "后悔",
        "不好",
        "不行",
        "难用",
        "劣质",
        "退货",
        "生锈",
        "假货",
    ),
    *("讨厌", "糟糕", "不值", "别买", "不要买", "太烂", "破了", "断了", "不推荐", "恶心", "上当"),
    *("最悪", "壊れ", "がっかり", "ひどい", "使えない", "嫌い", "不良品", "최악", "실망", "별로"),
    *("👎", "😡", "🤬", "🤮", "💩", "😠", "😤", "😞", "😢"),
)
FOR_SIGNS = (
    *(
        "好评",
        "没问题",
        "没有问题",
        "没毛病",
        "质量好",
        "喜欢",
        "满意",
        "很好",
        "非常好",
        "不错",
        "推荐",
        "棒",
        "赞",
        "完美",
        "值得",
        "好用",
    ),
    *("最高", "良い", "素晴らし", "満足", "おすすめ", "좋아", "좋은", "만족", "추천", "최고"),
    *("👍", "❤", "😍", "🙏", "😊", "🎉", "⭐", "💯", "🥰", "👏"),
)
SERVICE_SIGNS = (
    *("发货", "物流", "快递", "卖家", "客服", "配送", "包装", "送货", "运费"),
    *("届", "発送", "출고", "배송", "판매자"),
)  # fmt: skip
# `一点也不差`, `没有生锈`: what complains is denied before it.
_NOT_SO = re.compile(
    r"(?:不算|不太|不会|没有|没|不|无)(?:"
    + "|".join(s for s in AGAINST_SIGNS if s[0] not in "不别")
    + ")"
)
_WORD = re.compile(r"[^\W\d_]+|[,.;:!?]+")
# What is said after one of these counts, and not what is said before.
# What denies a sign stands behind it: `おすすめしません`, `추천하지 않아요`.
_DENIED = re.compile(
    r"(?:おすすめ|満足|良)[^。、！!]{0,5}(?:ません|ない|なかった|なく)"
    r"|(?:추천|만족|좋)[^.!?]{0,4}지\s?(?:않|못|마)"
)
_PARTS = re.compile(r"[,.;:!?。，！？；]+")
_AFTER_ALL = re.compile(
    r"\b(?:but|however|otherwise|apart from that|aber|leider|mais|pero|ma|mas|maar|ale|но"
    r"|但是?|可是)\b"
)


def tone_of(text: str) -> int:
    """1 where the words speak for, -1 where they speak against, 0 where they do not tell."""
    said = _AFTER_ALL.split(folded(text))
    return next((sign for part in reversed(said) if (sign := _sign(part))), 0)


def speaks_of_service(text: str) -> bool:
    """Whether words of the delivery or the seller are there."""
    return _names_service(folded(text))


def complains_of_service(text: str) -> bool:
    """Whether a complaint is about the delivery or the seller: every part of it that complains is.

    "Quick delivery, terrible knife" is about the knife.
    """
    parts = [part for whole in _AFTER_ALL.split(folded(text)) for part in _PARTS.split(whole)]
    complaining = [part for part in parts if _sign(part) < 0]
    if not complaining:
        return any(map(_names_service, parts))
    return all(map(_names_service, complaining))


def _names_service(said: str) -> bool:
    found = _places(_WORD.findall(said), _SERVICE_WORDS)
    return bool(found) or any(sign in said for sign in SERVICE_SIGNS)


def _sign(part: str) -> int:
    words = _WORD.findall(part)
    found = [
        (place, length, sign)
        for patterns, sign in ((_FOR_WORDS, 1), (_AGAINST_WORDS, -1), (_NEITHER_WORDS, 0))
        for place, length in _places(words, patterns).items()
    ]
    phrases = [set(range(place, place + length)) for place, length, _ in found if length > 1]
    # A word within a phrase says what the phrase says, a negation within it too.
    inner = {place for phrase in phrases for place in phrase - {min(phrase)}}
    negations = _negations(words)
    free = negations.difference(*phrases)
    signs: dict[int, int] = {}
    for place, length, sign in found:
        if place not in inner:
            brings_its_own = not negations.isdisjoint(range(place, place + length))
            is_turned = not brings_its_own and _is_turned(words, place, free)
            signs[place] = -sign if is_turned else sign
    value = sum(signs.values())
    if value == 0 and signs:
        value = signs[max(signs)]  # of as many for as against the last says what was meant
    for shown, sign in ((AGAINST_SIGNS, -1), (FOR_SIGNS, 1)):
        value += sign * sum(part.count(one) for one in shown)
    # `不推荐` and `不喜欢` hold what they deny.
    value -= 2 * sum(part.count(f"不{one}") for one in ("喜欢", "满意", "推荐", "值得", "好用"))
    value -= 2 * len(_DENIED.findall(part))
    value += 2 * len(_NOT_SO.findall(part))
    return (value > 0) - (value < 0)


def _negations(words: list[str]) -> set[int]:
    """Places of words that turn what follows; `not only` turns nothing."""
    places = _places(words, _TURNING_WORDS)
    return {place for place in places if not ONLY.intersection(words[place + 1 : place + 2])}


def _is_turned(words: list[str], place: int, turned: Container[int]) -> bool:
    for before in range(place - 1, max(0, place - REACH) - 1, -1):
        if not words[before].isalpha():
            return False
        if before in turned:
            return True
    return False


_Pattern = tuple[tuple[str, bool], ...]  # of each word its beginning, and whether that is all


def _patterns(listed: str) -> dict[str, list[_Pattern]]:
    """By the first two letters of the first word."""
    found: dict[str, list[_Pattern]] = {}
    for entry in dict.fromkeys(folded(listed).split()):
        whole = entry.endswith("|")
        words = entry.rstrip("|").split("_")
        last = len(words) - 1
        pattern = tuple((word, whole or at < last) for at, word in enumerate(words))
        found.setdefault(words[0][:2], []).append(pattern)
    return found


_AGAINST_WORDS, _FOR_WORDS, _NEITHER_WORDS = map(_patterns, (AGAINST, FOR, NEITHER))
_TURNING_WORDS, _SERVICE_WORDS = _patterns(TURNING), _patterns(SERVICE)


def _places(words: list[str], patterns: dict[str, list[_Pattern]]) -> dict[int, int]:
    """Where any of the patterns begins, and of how many words the longest there is."""
    found: dict[int, int] = {}
    for place, word in enumerate(words):
        for pattern in _candidates(patterns, word):
            if _fits(pattern, words[place : place + len(pattern)]):
                found[place] = max(found.get(place, 0), len(pattern))
    return found


def _candidates(patterns: dict[str, list[_Pattern]], word: str) -> Iterable[_Pattern]:
    yield from patterns.get(word[:2], ())
    if len(word) > 1:
        yield from patterns.get(word[:1], ())


def _fits(pattern: _Pattern, words: list[str]) -> bool:
    return len(words) >= len(pattern) and all(
        word == wanted if whole else word.startswith(wanted)
        for (wanted, whole), word in zip(pattern, words, strict=False)
    )
