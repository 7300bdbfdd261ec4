"""What other programs call the fields of a passage in their tables.

Read without regard to case, spaces and underscores. Where a table has names of several groups, the
first group counts; two names of one group are asked about.
"""

from __future__ import annotations

# Zendesk exports Title, Body, Labels, Html url, Locale; WordPress Title, Content, Permalink,
# Categories; sheets kept by hand mostly Question and Answer, in the language of their writers.
PASSAGE_COLUMNS: dict[str, tuple[tuple[str, ...], ...]] = {
    "question": (
        (
            "question", "questions", "q", "frage", "fragen", "question text", "customer question",
            "问题", "問題", "提问", "问", "pregunta", "domanda", "pergunta", "vraag", "質問",
        ),
        ("faq", "faqs", "faq question"),
    ),
    "text": (
        (
            "answer", "answers", "a", "antwort", "antworten", "answer text", "best answer",
            "答案", "回答", "答复", "答", "réponse", "respuesta", "risposta", "resposta",
            "antwoord",
        ),
        ("reply", "response", "solution", "lösung", "loesung", "解决方案"),
        ("content", "contents", "body", "article body", "inhalt", "内容", "正文", "contenu"),
        ("description", "beschreibung", "描述"),
    ),
    "title": (
        (
            "title", "titel", "标题", "標題", "titre", "título", "titolo", "article title",
            "post title",
        ),
        ("heading", "headline", "überschrift", "subject", "betreff", "主题"),
    ),
    "url": (
        (
            "url", "link", "permalink", "html url", "source url", "article url", "page url", "链接",
            "网址",
        ),
        ("href", "website", "webseite"),
    ),
    "tags": (
        ("tags", "tag", "labels", "label", "schlagworte", "schlagwörter", "keywords", "标签"),
        (
            "category", "categories", "kategorie", "kategorien", "分类", "类别", "catégorie",
            "categoría", "class", "section", "bereich", "rubrik", "thema",
            "topic", "topics", "theme", "thème",
        ),
    ),
    "language": (("language", "lang", "locale", "sprache", "语言", "langue", "idioma"),),
    "source": (("source", "quelle", "来源"),),
    "valid_from": (
        ("valid from", "gültig ab", "gueltig ab", "gültig von", "effective from", "生效日期"),
    ),
    "valid_until": (
        (
            "valid until", "valid to", "gültig bis", "gueltig bis", "expires", "expires at",
            "expiry date", "失效日期", "有效期至",
        ),
    ),
}  # fmt: skip
