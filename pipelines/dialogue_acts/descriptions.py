"""What a message's acts mean, in words, for --method zero-shot."""

from __future__ import annotations

from pipelines.classification.zero_shot import Descriptions
from textwire.support_qa.messages import Act

WORDS: dict[Act, str] = {
    "question": "How do I do this? Where can I find it? What does it cost?",
    "follow_up": "And then? How long does that take? What about the other one?",
    "greeting": "Hello, good morning, hi there.",
    "thanks": "Thank you very much, thanks for your help.",
    "goodbye": "Goodbye, see you, have a nice day.",
    "yes": "Yes, please do, that is right.",
    "no": "No, not that, that is wrong.",
    "wants_person": "I want to speak to a real person, connect me to an agent.",
    "refuses_person": "I do not want to talk to anybody, no agent please.",
    "complaint": "This is unacceptable, I am unhappy with your service and waiting for weeks.",
    "insult": "You are stupid and useless, shut up.",
    "small_talk": "How are you? Are you a robot? Tell me a joke.",
    "personal_data": "My name is Anna Smith, my card number and date of birth are these.",
    "nonsense": "asdf qwerty jkl ???",
    "two_questions": "How do I block my card, and what does a new one cost?",
}


def describe() -> Descriptions:
    """Each act as somebody would say it; labels and topics are the same acts."""
    words = {str(act): said for act, said in WORDS.items()}
    return Descriptions(words, words)
