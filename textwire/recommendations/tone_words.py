"""Words that tell the tone of a comment, and that it is about the purchase, in many languages.

An encoder that reads one language places a complaint in another beside whatever has like letters.
Words that people complain with are few, so where the encoder does not read, these do; where it
does, they speak beside it.

Source: Taboada et al. 2011, "Lexicon-based methods for sentiment analysis", of which only signs
and the turning of a word by a negation before it are taken.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable

# A negation turns what stands at most so many words behind it, and in the same part of a sentence.
REACH = 3
# Beginnings of words, folded; `_` parts the words of a phrase. A word that is whole ends in `|`.
AGAINST = """
hate awful terribl horribl worst rubbish garbage junk trash useless broke| broken| breaks| blunt
disappoint regret| waste_of fell_apart came_off poor| poorly bad| badly crap| sucks| unusable
defective faulty flimsy zero_stars one_star| never_again no_thanks| nope| stand_th stay_away avoid|
worthless pathetic dreadful annoying unbearable dangerous rust| rusts| rusted| dull|
leaks leaking cracked
stopped_working does_not_work doesn_t_work money_back ripoff rip_off scam| fake| ugly|
shoddy do_not_buy don_t_buy dont_buy do_not_waste not_like don_t_like dont_like didn_t_like
doesn_t_like nothing_but_trouble wouldn_t_give not_worth
schlecht mies| miese stumpf kaputt hasse| furchtbar schrecklich enttausch nie_wieder finger_weg
abgebrochen rostet defekt mull| schrott mangelhaft unbrauchbar argerlich katastroph zerbrochen
billig minderwertig nutzlos unzufrieden
nul| nulle decu decevant mauvais horreur casse| cassee horripilant deteste inutile plus_jamais
catastroph arnaque pourri defectueux deplorable a_fuir
odio| odiar malo| mala| malisim pesim terribl roto| rota| rompio| rompe decepcion basura inutil
nunca_mas no_lo_compr no_la_compr defectuos estafa horroros
pessim orribil delus rotto| rotta| inutilizz spazzatura mai_piu difettos scadente brutto
ruim| pessimo decepcion quebrou nao_compr lixo| defeituos
slecht waardeloos kapot| teleurgesteld teleurstell nooit_meer rommel| waardeloz
okropn fataln najgorsz zepsu rozczarow beznadziejn nie_polecam nigdy_wiecej badziew
ужасн плох отвратительн сломал разочаров не_покупайте никогда_больше мусор| хуже тупой| брак|
"""
FOR = """
love| loved| loves| great excellent perfect good| best| wonderful amazing happy recommend favourite
favorite beautiful brilliant superb fantastic awesome pleased nice| nicely joy| ideal| delight
satisfied adore enjoy fine| like_it| likes_it
gut| gute| gutes| guter| super| toll| tolle| tolles| perfekt zufrieden gerne| bestens| hervorragend
empfehl klasse| spitze| liebe| ausgezeichnet wunderbar prima|
bon| bonne| parfait adore| excellent genial content| contente| satisfait ravi| ravie|
bueno| buena| buen| excelent perfect encanta content feliz| recomiend
ottim buon perfett eccellent bell soddisfatt consigli
otim bom| boa| adorei| recomendo| satisfeit
goed| mooi| uitstekend tevreden geweldig fijn|
swietn dobr polecam zadowol doskonal rewelacyjn
отличн хорош прекрасн супер доволен довольн рекоменд замечательн
"""
TURNING = """
not| no| never| nothing| without| hardly| barely| t| cannot| cant| dont| wont| isnt| wouldnt| aint|
nicht| kein keine keinen nie| niemals| ohne|
ne| pas| jamais| sans| aucun
no| nunca| sin| ni| non| mai| senza| nao| sem| niet| geen| nooit| nie| bez| не| нет| без| ни|
"""
SERVICE = """
deliver shipping shipped parcel package| courier postage arriv seller refund customer_s order| post|
liefer versand paket verkaufer bestell kundendienst geliefert
livraison livre| colis vendeur commande envio| entrega| paquete vendedor pedido| spedizion consegna
venditore ordine| levering pakket verkoper bestelling dostaw przesylk sprzedaw доставк посылк продав
"""
# Of scripts that part no words: found anywhere.
AGAINST_SIGNS = (
    *("差", "坏了", "垃圾", "失望", "后悔", "不好", "不行", "难用", "劣质", "退货", "生锈", "假货"),
    *("讨厌", "糟糕", "不值", "别买", "不要买", "太烂", "破了", "断了", "不推荐", "恶心", "上当"),
    *("最悪", "壊れ", "がっかり", "ひどい", "使えない", "嫌い", "不良品", "최악", "실망", "별로"),
    *("👎", "😡", "🤬", "🤮", "💩", "😠", "😤", "😞", "😢"),
)
FOR_SIGNS = (
    *("好评", "喜欢", "满意", "很好", "非常好", "不错", "推荐", "棒", "赞", "完美", "值得", "好用"),
    *("最高", "良い", "素晴らし", "満足", "おすすめ", "좋아", "좋은", "만족", "추천", "최고"),
    *("👍", "❤", "😍", "🙏", "😊", "🎉", "⭐", "💯", "🥰", "👏"),
)
SERVICE_SIGNS = (
    *("发货", "物流", "快递", "卖家", "客服", "配送", "届", "発送", "출고", "배송", "판매자"),
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+|[,.;:!?]+")
# What is said after one of these counts, and not what is said before.
_AFTER_ALL = re.compile(r"\b(?:but|however|aber|leider|mais|pero|ma|mas|maar|ale|но|但是?|可是)\b")


def tone_of(text: str) -> int:
    """1 where the words speak for, -1 where they speak against, 0 where they do not tell."""
    said = _AFTER_ALL.split(_folded(text))
    return next((sign for part in reversed(said) if (sign := _sign(part))), 0)


def speaks_of_service(text: str) -> bool:
    """Whether words of the delivery or the seller are there."""
    folded = _folded(text)
    found = _places(_WORD.findall(folded), _SERVICE_WORDS)
    return bool(found) or any(sign in folded for sign in SERVICE_SIGNS)


def _sign(part: str) -> int:
    words = _WORD.findall(part)
    against, spoken_for = _places(words, _AGAINST_WORDS), _places(words, _FOR_WORDS)
    turned = _places(words, _TURNING_WORDS)
    signs: dict[int, int] = {}
    for places, sign in ((spoken_for, 1), (against, -1)):
        for place, length in places.items():
            # A complaint of several words brings its own negation.
            is_turned = (length == 1 or sign > 0) and _is_turned(words, place, turned)
            signs[place] = -sign if is_turned else sign
    value = sum(signs.values())
    if value == 0 and signs:
        value = signs[max(signs)]  # of as many for as against the last says what was meant
    for found, sign in ((AGAINST_SIGNS, -1), (FOR_SIGNS, 1)):
        value += sign * sum(part.count(one) for one in found)
    # `不推荐` and `不喜欢` hold what they deny.
    value -= 2 * sum(part.count(f"不{one}") for one in ("喜欢", "满意", "推荐", "值得", "好用"))
    return (value > 0) - (value < 0)


def _folded(text: str) -> str:
    """In small letters without accents, but for signs and letters of other scripts."""
    parted = unicodedata.normalize("NFD", text.casefold().replace("ß", "ss"))
    bare = "".join(c for c in parted if not unicodedata.combining(c) or c == "\u3099")
    return unicodedata.normalize("NFC", bare).replace("ł", "l").replace("ø", "o")


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
    for entry in dict.fromkeys(_folded(listed).split()):
        whole = entry.endswith("|")
        words = entry.rstrip("|").split("_")
        last = len(words) - 1
        pattern = tuple((word, whole or at < last) for at, word in enumerate(words))
        found.setdefault(words[0][:2], []).append(pattern)
    return found


_AGAINST_WORDS, _FOR_WORDS = _patterns(AGAINST), _patterns(FOR)
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
