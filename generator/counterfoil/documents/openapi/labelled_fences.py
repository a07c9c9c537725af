"""The code fences of a Markdown page with what the page says of each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from counterfoil.documents.markdown.blocks import Block, Fence, Heading, Paragraph


@dataclass(frozen=True, slots=True)
class LabelledFence:
    """A fence and the texts that may name it, nearest first: the paragraph right before it, then headings outwards.

    `before` holds all paragraphs above it, nearest first.
    """

    fence: Fence
    labels: tuple[str, ...]
    before: tuple[str, ...]

    @property
    def language(self) -> str:
        """The first word of the info string, in lower case."""
        return self.fence.info.split(maxsplit=1)[0].lower() if self.fence.info else ""


def labelled_fences(blocks: Iterable[Block]) -> Iterator[LabelledFence]:
    """The fences of a page in their order."""
    headings: list[Heading] = []
    paragraphs: list[str] = []
    lead = ""
    for block in blocks:
        if isinstance(block, Heading):
            headings = [*(heading for heading in headings if heading.level < block.level), block]
        elif isinstance(block, Fence):
            titles = [heading.text for heading in reversed(headings)]
            yield LabelledFence(block, (lead, *titles), tuple(reversed(paragraphs)))
        if isinstance(block, Paragraph):
            paragraphs.append(block.text)
            lead = block.text
        else:
            lead = ""
