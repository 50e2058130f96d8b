"""Made-up words, numbers and names of hosts, each for one real one."""

from __future__ import annotations

from hashlib import blake2b

from connector_contract.people.permutation import permuted
from connector_contract.people.syllables import made_up_word

# The letters of a made-up domain: 120 ** 5, which are 2 ** 34.
_DOMAIN_LETTERS = 10
_CONSONANTS, _VOWELS = "bcdfghjklmnpqrstvwxz", "aeiouy"


class StandIns:
    """Makes up what stands for words, numbers and domains.

    Args:
        key: What they are made with: nobody finds the real ones without it, and the same are made each time.
            ``None`` has them count up in order of appearance instead.
    """

    def __init__(self, key: bytes | None) -> None:
        self._counts: dict[str, dict[str, int]] | None = {} if key is None else None
        # A key of any length has 64 bytes.
        self._key = blake2b(key or b"").digest()
        self._words: dict[str, str] = {}
        self._numbers: dict[str, str] = {}
        self._labels: dict[str, str] = {}
        self._kept_domains: set[str] = set()

    def keep_domain(self, domain: str) -> None:
        """Have a domain, and those below it, stand for themselves."""
        self._kept_domains.add(domain)

    def keeps_domain(self, domain: str) -> bool:
        """Whether a domain stands for itself."""
        labels = domain.lower().split(".")
        return any(".".join(labels[place:]) in self._kept_domains for place in range(len(labels)))

    def word(self, word: str) -> str:
        """The word that stands for a folded one, in lower case; a single letter stands for itself."""
        known = self._words.get(word)
        if known is None:
            is_initial = len(word) == 1 and ord(word) < 0x0E00
            known = word if is_initial else made_up_word(word, self._key, self._count("word", word))
            self._words[word] = known
        return known

    def number(self, digits: str) -> str:
        """As many digits in place of others; zeros in front stay, and so does a single digit."""
        known = self._numbers.get(digits)
        if known is None:
            known = self._numbers[digits] = self._number(digits)
        return known

    def _number(self, digits: str) -> str:
        rest = digits.lstrip("0")
        if len(rest) < 2:
            return digits
        radices = [9] + [10] * (len(rest) - 1)
        lowest = 10 ** (len(rest) - 1)
        count = self._count(f"number {len(rest)}", rest)
        number = int(rest) - lowest if count is None else count % (9 * lowest)
        made = permuted(number, radices, self._key, b"number")
        return digits[: len(digits) - len(rest)] + str(made + lowest)

    def label(self, name: str) -> str:
        """The label that stands for a domain or a part of one."""
        known = self._labels.get(name)
        if known is None:
            known = self._labels[name] = self._label(name)
        return known

    def _label(self, name: str) -> str:
        seed = int.from_bytes(self.digest("domain", name), "big")
        letters = []
        for place in range(_DOMAIN_LETTERS):
            among = _VOWELS if place % 2 else _CONSONANTS
            seed, digit = divmod(seed, len(among))
            letters.append(among[digit])
        return "".join(letters)

    def digest(self, kind: str, text: str) -> bytes:
        """Sixteen bytes that are made of a text, other ones for each kind."""
        count = self._count(kind, text)
        made_of = text if count is None else str(count)
        # Half a surrogate may stand in JSON.
        data = f"{kind} {made_of}".encode("utf-8", "surrogatepass")
        return blake2b(data, key=self._key, digest_size=16).digest()

    def _count(self, kind: str, text: str) -> int | None:
        if self._counts is None:
            return None
        known = self._counts.setdefault(kind, {})
        return known.setdefault(text, len(known))
