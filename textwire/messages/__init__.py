"""The words every part speaks: one struct for each kind of message on the wire.

Decoding is validation. JSON on the wire; unknown fields are ignored and new fields have defaults,
so that old and new versions can talk. Times are RFC 3339 in UTC; confidences lie in [0, 1].
What a sender may leave out (`id`, times) is completed by whoever receives it, from the record's
own place and time, so that the same record always gets the same id.
"""

from textwire.messages.fields import Identifier as Identifier
from textwire.messages.fields import Message as Message
from textwire.messages.fields import Moment as Moment
from textwire.messages.fields import Probability as Probability
from textwire.messages.news import SENTIMENTS as SENTIMENTS
from textwire.messages.news import Alert as Alert
from textwire.messages.news import AlertAction as AlertAction
from textwire.messages.news import AlertChange as AlertChange
from textwire.messages.news import Article as Article
from textwire.messages.news import ArticleSentiment as ArticleSentiment
from textwire.messages.news import DeskEntry as DeskEntry
from textwire.messages.news import EntitySentiment as EntitySentiment
from textwire.messages.news import Sentiment as Sentiment
from textwire.messages.news import TopicProbability as TopicProbability
from textwire.messages.recommendations import BehaviourEvent as BehaviourEvent
from textwire.messages.recommendations import Item as Item
from textwire.messages.recommendations import ScoredItem as ScoredItem
from textwire.messages.recommendations import ScoredList as ScoredList
from textwire.messages.recommendations import ScoreRequest as ScoreRequest
from textwire.messages.support import Answer as Answer
from textwire.messages.support import Handoff as Handoff
from textwire.messages.support import HandoffReason as HandoffReason
from textwire.messages.support import Outcome as Outcome
from textwire.messages.support import Passage as Passage
from textwire.messages.support import PassageText as PassageText
from textwire.messages.support import Question as Question
from textwire.messages.support import QuestionText as QuestionText
from textwire.messages.support import Role as Role
from textwire.messages.support import Source as Source
from textwire.messages.support import Turn as Turn
