"""Graphs in the family of DOT: Graphviz's ``digraph { X -> Y }`` and dagitty's ``dag { X <- U -> Y; U [latent] }``.

    graph      [strict] kind [name] { statement* }           statements may be parted by `;`, by lines or by blanks
    statement  group (arrow group)* [attributes]  |  key = value  |  (graph | node | edge) attributes
    group      name  |  [subgraph [name]] { statement* }     X -> { A B } draws X -> A and X -> B
    arrow      ->  <-  <->
    attributes [key=value, key, …]                           latent and observed=no hide a node; dir=both on an edge

``node [latent]`` and ``edge [dir=both]`` hold for what comes after them between the same braces. Positions, colours and
labels are read over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple, NoReturn

from agentos_lab.errors import ParseError

from .graph_text import EdgeLists

__all__ = ["is_latent", "parse_dot", "quoted_in_dot"]

_TOKEN = re.compile(
    r"""(?P<blank>\s+|//[^\n]*|/\*.*?\*/|\#[^\n]*)
      | (?P<arrow><->|->|<-|--|@-@|@->|<-@)
      | (?P<quoted>"(?:[^"\\]|\\.)*")
      | (?P<word>-?(?:\.\d+|\d+(?:\.\d*)?)(?![\w.]) | [\w.'′]+)
      | (?P<mark>[{}\[\]=,;:])""",
    re.VERBOSE | re.DOTALL,
)
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z_0-9]*", re.ASCII)
_KEYWORDS = {"strict", "graph", "digraph", "subgraph", "node", "edge"}
_TRUE, _FALSE = {"", "true", "yes", "1"}, {"false", "no", "0"}
_LATENT = {"latent", "unobserved", "u", "hidden"}


class _Token(NamedTuple):
    kind: str
    text: str
    position: int


def parse_dot(text: str, kinds: tuple[str, ...]) -> tuple[EdgeLists, list[str]]:
    """Read a graph of the DOT family.

    Args:
        text: The text.
        kinds: The words that it may begin with, e.g. ``("digraph",)``.

    Returns:
        Nodes and edges, and the names of the nodes that are marked as unobserved.

    Raises:
        ParseError: The message points at the character.
    """
    reader = _Reader(text)
    reader.graph(kinds)
    latents = [name for name, options in reader.nodes.items() if is_latent(options)]
    return EdgeLists(list(reader.nodes), reader.directed, reader.bidirected), latents


def quoted_in_dot(name: str) -> str:
    """A name as DOT and dagitty take it: bare where it can be, else in double quotes."""
    if _PLAIN.fullmatch(name) and name.lower() not in _KEYWORDS:
        return name
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


class _Reader:
    """Recursive descent, one method for each rule of the grammar."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = [*self._scanned(), _Token("end", "", len(text))]
        self.next = 0
        self.nodes: dict[str, dict[str, str]] = {}  # with their attributes
        self.defaults: dict[str, dict[str, str]] = {"node": {}, "edge": {}, "graph": {}}
        self.directed: list[tuple[str, str]] = []
        self.bidirected: list[tuple[str, str]] = []

    def _scanned(self) -> Iterator[_Token]:
        position = 0
        while position < len(self.text):
            found = _TOKEN.match(self.text, position)
            if found is None:
                unclosed = self.text[position] == '"'
                what = "this quotation mark is never closed" if unclosed else f"unexpected {self.text[position]!r}"
                raise ParseError(what, self.text, position, "" if unclosed else "a name, an arrow, or one of { } [ ] ;")
            if found.lastgroup != "blank":
                yield _Token(str(found.lastgroup), found.group(), position)
            position = found.end()

    def graph(self, kinds: tuple[str, ...]) -> None:
        self.take("strict")
        if self.tokens[self.next].text.lower() not in kinds:
            self.fail(self.tokens[self.next], " or ".join(kinds) + " { … }")
        self.next += 1
        if self.tokens[self.next].kind in ("word", "quoted"):
            self.next += 1  # the graph's own name
        self.body()
        if self.tokens[self.next].kind != "end":
            self.fail(self.tokens[self.next], "the end of the text")

    def body(self) -> list[str]:
        """The statements between braces; returns the nodes that they mention."""
        if not self.take("{"):
            self.fail(self.tokens[self.next], "'{'")
        mentioned: list[str] = []
        outside = self.defaults
        while not self.take("}"):
            if not (self.take(";") or self.take(",")):
                mentioned += self.statement()
        self.defaults = outside
        return mentioned

    def statement(self) -> list[str]:
        token, after = self.tokens[self.next], self.tokens[self.next + 1 : self.next + 2]
        kind = token.text.lower()
        if kind in self.defaults and after and after[0].text == "[":
            self.next += 1
            self.defaults = {**self.defaults, kind: self.defaults[kind] | self.attributes()}
            return []
        if token.kind in ("word", "quoted") and after and after[0].text == "=":
            self.next += 2
            self.name("a value")
            return []
        groups, arrows = [self.group()], []
        while self.tokens[self.next].kind == "arrow":
            arrows.append(self.tokens[self.next])
            self.next += 1
            groups.append(self.group())
        options = self.attributes()
        for left, arrow, right in zip(groups, arrows, groups[1:], strict=False):
            self.join(left, arrow, right, (self.defaults["edge"] | options).get("dir", ""))
        mentioned = [name for group in groups for name in group]
        for name in mentioned if not arrows else ():
            self.nodes[name] |= options
        return mentioned

    def group(self) -> list[str]:
        if self.take("subgraph") and self.tokens[self.next].kind in ("word", "quoted"):
            self.next += 1
        if self.tokens[self.next].text == "{" and self.tokens[self.next].kind == "mark":
            return self.body()
        name = self.name("a name")
        while self.take(":"):
            self.name("a port")  # where on the node's border the edge ends: of no account here
        self.nodes.setdefault(name, dict(self.defaults["node"]))
        return [name]

    def join(self, left: list[str], arrow: _Token, right: list[str], direction: str) -> None:
        pairs = [(a, b) for a in left for b in right]
        kind = {"both": "<->", "back": "<-", "none": "--"}.get(direction, arrow.text)
        if kind == "<->":
            self.bidirected += pairs
        elif kind in ("->", "<-"):
            self.directed += pairs if kind == "->" else [(b, a) for a, b in pairs]
        else:
            problem = "an edge without a direction has no place in a causal graph"
            raise ParseError(problem, self.text, arrow.position, "->, <- or <->")

    def attributes(self) -> dict[str, str]:
        found: dict[str, str] = {}
        while self.take("["):
            while not self.take("]"):
                if self.take(",") or self.take(";"):
                    continue
                key = self.name("an attribute").lower()
                found[key] = self.name("a value").lower() if self.take("=") else ""
        return found

    def name(self, expected: str) -> str:
        token = self.tokens[self.next]
        if token.kind not in ("word", "quoted"):
            self.fail(token, expected)
        self.next += 1
        if token.kind == "word":
            return token.text
        return re.sub(r"\\(.)", r"\1", token.text[1:-1], flags=re.DOTALL)

    def take(self, text: str) -> bool:
        token = self.tokens[self.next]
        taken = token.kind in ("mark", "word") and token.text.lower() == text
        self.next += taken
        return taken

    def fail(self, token: _Token, expected: str) -> NoReturn:
        what = f"unexpected {token.text!r}" if token.text else "the text ends too early"
        raise ParseError(what, self.text, token.position, expected)


def is_latent(options: dict[str, str]) -> bool:
    """Whether a node's attributes say that nobody observes it."""
    if options.get("observed", "yes") in _FALSE:
        return True
    return any(value in _TRUE for key, value in options.items() if key in _LATENT)
