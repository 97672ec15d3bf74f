"""How hard a text is to read."""

# A grade from fewer words says more about the one long word among them than about the writing.
FEWEST_WORDS = 100


def reading_grade(text: str) -> float | None:
    """The US school grade that reading TEXT takes, None under 100 words.

    The Automated Readability Index (Senter and Smith 1967), from characters, words and sentences: it needs no
    dictionary of syllables.
    """
    from audit.language.words import count_words

    if count_words(text) < FEWEST_WORDS:
        return None
    import textstat

    return round(float(textstat.automated_readability_index(text)), 1)
