"""A baseline that learns in seconds: tf-idf of words and pairs of words, and a linear SVM."""

from __future__ import annotations

from collections.abc import Sequence

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MultiLabelBinarizer
from sklearn.svm import LinearSVC

from pipelines.classify.data import ClassedTexts


def told_by_words(data: ClassedTexts, texts: Sequence[str]) -> list[frozenset[str]]:
    """The classes of texts, as a linear SVM over words tells that learned the same texts."""
    columns = MultiLabelBinarizer(classes=list(data.classes))
    right = columns.fit_transform([text.classes for text in data.train])
    words = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), min_df=2)
    svm = OneVsRestClassifier(LinearSVC()) if data.several else LinearSVC()
    learner = make_pipeline(words, svm)
    learner.fit([text.text for text in data.train], right if data.several else right.argmax(axis=1))
    found = learner.predict(list(texts))
    if data.several:
        return [frozenset(names) for names in columns.inverse_transform(found)]
    return [frozenset([data.classes[place]]) for place in found]
