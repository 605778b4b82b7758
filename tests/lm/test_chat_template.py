import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.lm.chat_template import render_chat

CHATML = (
    "{% for message in messages %}{{ '<|start|>' + message['role'] + '\n' + message['content'] + '<|end|>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|start|>assistant\n' }}{% endif %}"
)
MARKERS = ("<|start|>", "<|end|>", "<|endless|>")
# Pieces from which markers can be put together, also across strings.
FRAGMENTS = st.lists(
    st.sampled_from(["<|start|>", "<|end", "|>", "<|", "<", "end", "less|>", " ", "\n", "é", "<<|end|>"])
)
MESSAGES = st.lists(
    st.fixed_dictionaries({"role": FRAGMENTS.map("".join), "content": FRAGMENTS.map("".join)}), max_size=4
)


def plain(template, messages, **options):
    """What Jinja alone makes of it."""
    import jinja2

    return (
        jinja2.Environment(trim_blocks=True, lstrip_blocks=True)
        .from_string(template)
        .render(messages=messages, add_generation_prompt=True, **options)
    )


def test_special_tokens_are_told_from_text():
    assert render_chat(CHATML, [{"role": "user", "content": "Hello"}], MARKERS) == [
        ("<|start|>", True),
        ("user\nHello", False),
        ("<|end|>", True),
        ("\n", False),
        ("<|start|>", True),
        ("assistant\n", False),
    ]


def test_the_assistants_turn_is_begun_only_if_asked():
    parts = render_chat(CHATML, [{"role": "user", "content": "Hello"}], MARKERS, add_generation_prompt=False)
    assert parts[-2:] == [("<|end|>", True), ("\n", False)]


@given(MESSAGES)
def test_no_message_can_forge_a_special_token(messages):
    parts = render_chat(CHATML, messages, MARKERS)
    assert [part for part, special in parts if special] == ["<|start|>", "<|end|>"] * len(messages) + ["<|start|>"]
    assert "".join(part for part, _ in parts) == plain(CHATML, messages)


@given(MESSAGES)
def test_no_two_strings_can_forge_one_together(messages):
    template = "{% for m in messages %}{{ m.role }}{{ m.content | trim }}{{ m.role | trim }}{% endfor %}"
    parts = render_chat(template, messages, MARKERS)
    assert not [part for part, special in parts if special]
    assert "".join(part for part, _ in parts) == plain(template, messages)


def test_a_marker_inside_another_cannot_be_forged():
    template = "{{ messages[0].content }}"
    for text in ("[[A]]", "[[A]", "[A]]", "[[[A]]]"):
        assert render_chat(template, [{"role": "user", "content": text}], ("[A]", "[[A]]")) == [(text, False)]


def test_a_template_can_look_into_messages():
    template = "{% if '</think>' in messages[0].content %}{{ messages[0].content.split('</think>')[-1] }}{% endif %}"
    messages = [{"role": "assistant", "content": "hm <|end|></think>Yes"}]
    assert render_chat(template, messages, MARKERS) == [("Yes", False)]


def test_only_trusted_values_are_special():
    template = "{{ bos_token }}{{ tools[0].name }}"
    parts = render_chat(
        template, [], MARKERS, trusted={"bos_token": "<|start|>"}, tools=[{"name": "<|start|>", "<|end|>": 1}]
    )
    assert parts == [("<|start|>", True), ("<|start|>", False)]


def test_values_are_written_as_json():
    template = "{{ tools | tojson }}"
    tools = [{"name": "météo", "parameters": {"<|end|>": ["a", 1, None]}}]
    (part,) = render_chat(template, [], MARKERS, tools=tools)
    assert (json.loads(part[0]), part[1]) == (tools, False)


def test_tags_of_published_templates_are_understood():
    template = (
        "{% for m in messages %}{% if loop.index > 1 %}{% break %}{% endif %}"
        "{% generation %}{{ m.content }}{% endgeneration %}{% endfor %}"
    )
    messages = [{"role": "user", "content": "one"}, {"role": "user", "content": "two"}]
    assert render_chat(template, messages, ()) == [("one", False)]


def test_characters_for_private_use_come_through():
    text = "".join(map(chr, range(0x100000, 0x100010)))
    assert render_chat("{{ messages[0].content }}", [{"role": "user", "content": text}], MARKERS) == [(text, False)]


@pytest.mark.parametrize(
    "template",
    ["{{ messages.__class__.__mro__ }}", "{{ ''.__class__.__base__.__subclasses__() }}", "{{ messages.append(1) }}"],
)
def test_a_template_cannot_leave_its_sandbox(template):
    with pytest.raises(ValueError, match="does not accept"):
        render_chat(template, [], MARKERS)


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("{% for %}", "not valid Jinja, line 1"),
        ("{{ raise_exception('roles must alternate') }}", "roles must alternate"),
        ("{{ messages[0].content + 1 }}", "does not accept this conversation"),
        ("{{ messages[0].nothing.at_all }}", "does not accept this conversation"),
    ],
    ids=["syntax", "refusal", "types", "missing"],
)
def test_a_template_that_fails_says_why(template, why):
    with pytest.raises(ValueError, match=why):
        render_chat(template, [{"role": "user", "content": "Hello"}], MARKERS)


@pytest.mark.parametrize("message", ["Hello", {"content": "Hello"}, {"role": None, "content": "Hello"}])
def test_a_message_without_a_role_is_refused(message):
    with pytest.raises(ValueError, match="message 1 must look like"):
        render_chat(CHATML, [{"role": "user", "content": "Hello"}, message], MARKERS)
