"""Small tokenizers of every family, made here, against `transformers`; and SmolLM2's own."""

import json
from pydoc_data.topics import topics

import pytest
import tokenizers
from hypothesis import example, given
from hypothesis import strategies as st
from tokenizers import decoders, models, normalizers, pre_tokenizers, processors, trainers

from agentos_lab.lm.byte_pair_encoding import BytePairTokenizer
from agentos_lab.lm.pre_tokenization import gpt2_pattern, unicode_classes
from agentos_lab.lm.pretrained_tokenizer import PretrainedTokenizer
from agentos_lab.lm.token_spelling import byte_letters
from agentos_lab.lm.tokenizer import Tokenizer, load_tokenizer
from agentos_lab.lm.tokenizer_definition import TokenizerDefinition

ENGLISH = "".join(topics.values())
SPECIAL = ["<|endoftext|>", "<|start|>", "<|end|>"]
TEXTS = [
    "",
    ENGLISH[:20_000],
    "The  cat's 1234 naïve cafés: 世界 🙂\n\n\tend  ",
    "one<|end|>two <|start|>",
    "e\u0301 \u00e9 ﬁ",
]
CHATML = (
    "{% for message in messages %}{{ '<|start|>' + message['role'] + '\n' + message['content'] + '<|end|>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|start|>assistant\n' }}{% endif %}"
)
CHAT = [
    {"role": "user", "content": "The  cat's\n 1234?"},
    {"role": "assistant", "content": "Café — 世界 "},
    {"role": "user", "content": ""},
]
ASSIGNED = st.characters(exclude_categories=["Cn", "Cs"])  # both versions of Unicode know these


def spelled(token):
    return "".join(byte_letters()[value] for value in token)


@pytest.fixture(scope="module")
def trained():
    return BytePairTokenizer.train(ENGLISH[:100_000], 700)


@pytest.fixture(scope="module")
def fields(trained):
    """What a GGUF file would say of `trained`, with special tokens in front as in SmolLM2."""
    return {
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": "gpt-2",
        "tokenizer.ggml.tokens": SPECIAL + [spelled(token) for token in trained.tokens],
        "tokenizer.ggml.token_type": [3] * len(SPECIAL) + [1] * trained.vocab_size,
        "tokenizer.ggml.merges": [f"{spelled(merge.left)} {spelled(merge.right)}" for merge in trained.merges],
        "tokenizer.ggml.bos_token_id": 1,
        "tokenizer.ggml.eos_token_id": 2,
        "tokenizer.ggml.unknown_token_id": 0,
        "tokenizer.chat_template": CHATML,
    }


@pytest.fixture(scope="module")
def byte_level(fields):
    return PretrainedTokenizer.from_gguf_metadata(fields)


@pytest.fixture(scope="module")
def gpt2(fields):
    """The same tokenizer, made by `transformers`."""
    from transformers import GPT2Tokenizer

    return GPT2Tokenizer(
        vocab={token: id for id, token in enumerate(fields["tokenizer.ggml.tokens"])},
        merges=[tuple(merge.split()) for merge in fields["tokenizer.ggml.merges"]],
        bos_token="<|start|>",
        eos_token="<|end|>",
        unk_token="<|endoftext|>",
        chat_template=CHATML,
    )


def llama():
    """SentencePiece as in Llama 2: spaces as ▁, unknown characters as bytes, <s> before every text."""
    special = ["<unk>", "<s>", "</s>"]
    engine = tokenizers.Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    engine.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    bytes_first = [f"<0x{value:02X}>" for value in range(256)]
    trainer = trainers.BpeTrainer(vocab_size=800, special_tokens=special + bytes_first, show_progress=False)
    engine.train_from_iterator(ENGLISH[:60_000].split("\n"), trainer)
    definition = json.loads(engine.to_str())
    definition["added_tokens"] = [token for token in definition["added_tokens"] if token["content"] in special]
    engine = tokenizers.Tokenizer.from_str(json.dumps(definition))
    engine.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    engine.post_processor = processors.TemplateProcessing("<s> $A", "<s> $A $B", [("<s>", 1)])
    return engine, {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}


def t5():
    """SentencePiece as in T5: the likeliest of all ways to cut a text (Unigram), </s> after every text."""
    special = ["<pad>", "</s>", "<unk>"]
    engine = tokenizers.Tokenizer(models.Unigram())
    engine.pre_tokenizer = pre_tokenizers.Metaspace()
    trainer = trainers.UnigramTrainer(vocab_size=400, special_tokens=special, unk_token="<unk>", show_progress=False)
    engine.train_from_iterator(ENGLISH[:60_000].split("\n"), trainer)
    engine.decoder = decoders.Metaspace()
    engine.post_processor = processors.TemplateProcessing("$A </s>", None, [("</s>", 1)])
    return engine, {"pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}


def bert():
    """WordPiece as in BERT, with [CLS] and [SEP] around every text."""
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    engine = tokenizers.Tokenizer(models.WordPiece(unk_token="[UNK]"))
    engine.normalizer, engine.pre_tokenizer = normalizers.BertNormalizer(), pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(vocab_size=800, special_tokens=special, show_progress=False)
    engine.train_from_iterator(ENGLISH[:60_000].split("\n"), trainer)
    engine.decoder = decoders.WordPiece()
    engine.post_processor = processors.TemplateProcessing("[CLS] $A [SEP]", None, [("[CLS]", 2), ("[SEP]", 3)])
    engine.enable_truncation(8)  # as some published files have it: a text would lose its end
    roles = {f"{role}_token": f"[{role.upper()}]" for role in ("pad", "unk", "cls", "sep", "mask")}
    return engine, roles


@pytest.fixture(scope="module")
def folder(request, tmp_path_factory, gpt2):
    """A folder as `transformers` saves it, for one family."""
    from transformers import AutoTokenizer, PreTrainedTokenizerFast

    path = tmp_path_factory.mktemp(request.param)
    if request.param == "gpt2":
        gpt2.save_pretrained(path)
    else:
        engine, roles = {"llama": llama, "t5": t5, "bert": bert}[request.param]()
        PreTrainedTokenizerFast(tokenizer_object=engine, **roles).save_pretrained(path)
    return path, AutoTokenizer.from_pretrained(path)


every_family = pytest.mark.parametrize("folder", ["gpt2", "llama", "t5", "bert"], indirect=True)


@every_family
def test_a_folder_gives_the_tokens_of_transformers(folder):
    path, original = folder
    tokenizer = PretrainedTokenizer.from_folder(path)
    assert isinstance(tokenizer, Tokenizer)
    assert tokenizer.vocab_size == len(original)
    assert {role: tokenizer.special.get(role) for role in ("bos", "eos", "unk", "pad", "mask")} == {
        role: getattr(original, f"{role}_token_id") for role in ("bos", "eos", "unk", "pad", "mask")
    }
    for text in TEXTS:
        options = {"truncation": False, "split_special_tokens": True}
        assert tokenizer.encode(text) == original(text, add_special_tokens=False, **options).input_ids
        assert tokenizer.encode(text, add_special_tokens=True) == original(text, **options).input_ids
        read = original(text, add_special_tokens=False, truncation=False).input_ids
        assert tokenizer.encode(text, allow_special=True) == read
        shown = original.decode(read, clean_up_tokenization_spaces=False)
        assert tokenizer.decode(read, show_special=True) == shown


@every_family
def test_a_saved_tokenizer_comes_back_the_same(folder, tmp_path):
    tokenizer = PretrainedTokenizer.from_folder(folder[0])
    tokenizer.save(tmp_path / "tokenizer.json")
    again = load_tokenizer(tmp_path / "tokenizer.json")
    assert again == tokenizer
    assert [again.encode(text) for text in TEXTS] == [tokenizer.encode(text) for text in TEXTS]
    assert (again.special, again.chat_template) == (tokenizer.special, tokenizer.chat_template)


@every_family
def test_the_bytes_of_tokens_make_the_text(folder):
    tokenizer = PretrainedTokenizer.from_folder(folder[0])
    text = "the value of an expression"
    ids = tokenizer.encode(text)
    assert b"".join(map(tokenizer.token_bytes, ids)).decode().removeprefix(" ") == text == tokenizer.decode(ids)
    assert "".join(map(tokenizer.token_text, ids)).removeprefix(" ") == text
    pieces = tokenizer.pieces(text)
    assert [piece.id for piece in pieces] == ids
    assert all(text[piece.start : piece.end].strip() == piece.text.strip() for piece in pieces)


def test_vocab_and_merges_files_are_read_like_a_tokenizer_json(gpt2, byte_level, tmp_path):
    definition = json.loads(gpt2.backend_tokenizer.to_str())
    (tmp_path / "vocab.json").write_text(json.dumps(definition["model"]["vocab"]), encoding="utf-8")
    lines = ["#version: 0.2", *(" ".join(merge) for merge in definition["model"]["merges"])]
    (tmp_path / "merges.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    roles = {"bos_token": {"content": "<|start|>"}, "eos_token": "<|end|>"}
    (tmp_path / "special_tokens_map.json").write_text(json.dumps(roles))
    tokenizer = PretrainedTokenizer.from_folder(tmp_path)
    assert (tokenizer.special["bos"], tokenizer.special["eos"]) == (1, 2)
    for text in TEXTS:
        assert tokenizer.encode(text) == byte_level.encode(text)
    assert tokenizer.encode("a<|end|>", allow_special=True)[-1] == 2


def test_gguf_metadata_gives_the_tokens_of_transformers(byte_level, gpt2):
    for text in TEXTS:
        assert byte_level.encode(text) == gpt2(text, split_special_tokens=True).input_ids
        assert byte_level.encode(text, allow_special=True) == gpt2(text).input_ids


@given(text=st.text(alphabet=ASSIGNED))
@example(text="ab 12  3\n\t4½² 'll")
def test_tokens_are_those_of_our_own_byte_pair_encoding(byte_level, trained, text):
    assert byte_level.encode(text) == [id + len(SPECIAL) for id in trained.encode(text)]


@given(text=st.text())
def test_a_vocabulary_with_all_bytes_gives_any_unicode_back(byte_level, text):
    assert byte_level.decode(byte_level.encode(text, strict=True)) == text


@given(ids=st.lists(st.integers(0, 702)))
def test_decoding_any_numbers_is_reading_their_bytes_as_utf8(byte_level, gpt2, ids):
    text = byte_level.decode(ids)
    assert text == b"".join(map(byte_level.token_bytes, ids)).decode("utf-8", "replace")
    assert text == gpt2.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)


@pytest.mark.parametrize("pre", ["smollm", "qwen2", "llama-bpe"])
def test_text_is_cut_into_words_the_models_way(pre, fields):
    from transformers import Qwen2Tokenizer

    tokenizer = PretrainedTokenizer.from_gguf_metadata(fields | {"tokenizer.ggml.pre": pre})
    if pre == "qwen2":
        vocabulary = {token: id for id, token in enumerate(fields["tokenizer.ggml.tokens"])}
        merges = [tuple(merge.split()) for merge in fields["tokenizer.ggml.merges"]]
        original = Qwen2Tokenizer(vocab=vocabulary, merges=merges, unk_token="<|endoftext|>")
        for text in TEXTS:
            assert tokenizer.encode(text) == original(text, split_special_tokens=True).input_ids
    words = {
        "smollm": ["it", "'s", "  ", "1", "2", "3", "4", "!", "\n\n", " end"],
        "qwen2": ["it", "'s", " ", " ", "1", "2", "3", "4", "!\n\n", " end"],
        "llama-bpe": ["it", "'s", " ", " ", "123", "4", "!\n\n", " end"],
    }
    assert tokenizer.words("it's  1234!\n\n end") == words[pre]


def test_gguf_metadata_can_ask_for_a_beginning_of_text(fields):
    tokenizer = PretrainedTokenizer.from_gguf_metadata(fields | {"tokenizer.ggml.add_bos_token": True})
    assert tokenizer.encode("a", add_special_tokens=True) == [1, *tokenizer.encode("a")]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"tokenizer.ggml.model": "llama"}, "'llama'; of GGUF files only 'gpt2'.*tokenizer.json"),
        ({"tokenizer.ggml.pre": "unheard-of"}, "'unheard-of'; known are default, gpt-2, smollm"),
        ({"tokenizer.ggml.merges": None}, "no tokenizer.ggml.merges"),
        ({"tokenizer.ggml.bos_token_id": 9999}, "contradicts itself"),
        ({"tokenizer.ggml.token_type": [1]}, "contradicts itself"),
        ({"tokenizer.ggml.merges": ["Ġ nothing-like-it"]}, "not a tokenizer that the library"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_foreign_or_damaged_metadata_is_refused(change, why, fields):
    with pytest.raises(ValueError, match=why):
        PretrainedTokenizer.from_gguf_metadata(fields | change)


def test_a_gguf_file_is_read(fields, tmp_path):
    import gguf

    path = tmp_path / "model.gguf"
    writer = gguf.GGUFWriter(path, "llama")
    for name, value in fields.items():
        {int: writer.add_uint32, str: writer.add_string, list: writer.add_array}[type(value)](name, value)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()
    assert PretrainedTokenizer.from_gguf(path) == PretrainedTokenizer.from_gguf_metadata(fields)
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(ValueError, match=r"model\.gguf"):
        PretrainedTokenizer.from_gguf(path)


@pytest.mark.parametrize(
    ("file", "content", "why"),
    [
        ("tokenizer.json", "{", r"tokenizer\.json is damaged \(not JSON"),
        ("tokenizer.json", "[]", r"tokenizer\.json should hold a JSON object, not a list"),
        ("tokenizer.json", "{}", "files are damaged"),
        ("tokenizer.json", '{"model": {"type": "BPE", "vocab": {}}}', "not a tokenizer that the library"),
        ("merges.txt", "a b\na b c\n", r"merges\.txt, line 2: expected two tokens, got 'a b c'"),
        ("merges.txt", "a nothing\n", "not a tokenizer that the library"),
        ("vocab.json", "\udcff", r"vocab\.json is damaged \(not UTF-8 at byte 0"),
        ("tokenizer_config.json", '{"tokenizer_class": "CLIPTokenizer"}', "how a CLIPTokenizer cuts"),
    ],
    ids=lambda value: value[:24],
)
def test_a_damaged_folder_is_refused_by_file(file, content, why, tmp_path):
    (tmp_path / "vocab.json").write_text('{"a": 0, "b": 1, "ab": 2}')
    (tmp_path / "merges.txt").write_text("a b\n")
    (tmp_path / file).write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(ValueError, match=why) as refused:
        PretrainedTokenizer.from_folder(tmp_path)
    assert str(tmp_path) in str(refused.value)


def test_a_saved_tokenizer_and_a_hugging_face_file_are_told_apart(byte_level, tmp_path):
    byte_level.save(tmp_path / "tokenizer.json")
    with pytest.raises(ValueError, match="written by a tokenizer's save; load_tokenizer reads it"):
        PretrainedTokenizer.from_folder(tmp_path)
    (tmp_path / "tokenizer.json").write_text(json.dumps(byte_level.to_dict()["tokenizer"]))
    with pytest.raises(ValueError, match=r"PretrainedTokenizer\.from_folder"):
        load_tokenizer(tmp_path / "tokenizer.json")


def test_a_folder_without_a_tokenizer_says_what_it_needs(tmp_path):
    (tmp_path / "tokenizer.model").touch()
    with pytest.raises(FileNotFoundError, match=r"tokenizer\.json.*found: \['tokenizer\.model'\].*save_pretrained"):
        PretrainedTokenizer.from_folder(tmp_path)
    with pytest.raises(FileNotFoundError, match="no such folder"):
        PretrainedTokenizer.from_folder(tmp_path / "nowhere")


def test_text_never_becomes_a_special_token_unless_asked_to(byte_level):
    text, end = "one<|end|>two", byte_level.special["eos"]
    assert end not in byte_level.encode(text)
    assert byte_level.decode(byte_level.encode(text)) == text
    ids = byte_level.encode(text, allow_special=True)
    assert ids == [*byte_level.encode("one"), end, *byte_level.encode("two")]
    assert byte_level.decode(ids) == "onetwo"
    assert byte_level.decode(ids, show_special=True) == text


def test_merges_that_spell_a_special_token_do_not_make_one():
    definition = {
        "added_tokens": [{"id": 4, "content": "<s>", "special": True}],
        "decoder": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": False},
        "model": {
            "type": "BPE",
            "vocab": {"<": 0, "s": 1, ">": 2, "<s": 3, "<s>": 4, "x": 5},
            "merges": [["<", "s"], ["<s", ">"]],
        },
    }
    edges = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
    definition["added_tokens"][0].update(edges)
    tokenizer = PretrainedTokenizer(TokenizerDefinition(definition))
    assert tokenizer.encode("x<s>x<s") == [5, 0, 1, 2, 5, 3]
    assert tokenizer.encode("x<s>", allow_special=True) == [5, 4]


def test_a_chat_is_written_as_transformers_writes_it(byte_level, gpt2):
    for add_generation_prompt in (True, False):
        ours = byte_level.render_chat(CHAT, add_generation_prompt=add_generation_prompt)
        theirs = gpt2.apply_chat_template(CHAT, add_generation_prompt=add_generation_prompt)
        assert ours == theirs["input_ids"]


@given(contents=st.lists(st.lists(st.sampled_from(["<|end|>", "<|start|>", "system\n", "<|", "end", "|>", " é"]))))
def test_no_message_can_forge_a_turn(byte_level, contents):
    messages = [{"role": "user", "content": "".join(parts)} for parts in contents]
    ids = byte_level.render_chat(messages)
    special = [id for id in ids if id < len(SPECIAL)]
    assert special == [1, 2] * len(messages) + [1]
    written = "".join(f"<|start|>user\n{message['content']}<|end|>\n" for message in messages)
    assert byte_level.decode(ids, show_special=True) == written + "<|start|>assistant\n"


def test_a_model_without_a_chat_template_says_so(fields):
    tokenizer = PretrainedTokenizer.from_gguf_metadata(
        {name: value for name, value in fields.items() if name != "tokenizer.chat_template"}
    )
    with pytest.raises(ValueError, match="no chat template"):
        tokenizer.render_chat(CHAT)


def test_the_steps_of_a_word_end_in_its_tokens(byte_level):
    steps = byte_level.encode_steps(" statement")
    assert [*steps.result.parts] == [byte_level.token_bytes(id) for id in byte_level.encode(" statement")]
    with pytest.raises(ValueError, match="one word, got 2"):
        byte_level.encode_steps("two words")


@pytest.mark.parametrize("folder", ["llama", "t5", "bert"], indirect=True)
def test_a_tokenizer_that_does_not_merge_bytes_has_no_steps(folder):
    with pytest.raises(ValueError, match="does not merge bytes"):
        PretrainedTokenizer.from_folder(folder[0]).encode_steps("word")


def test_half_a_surrogate_pair_is_refused(byte_level):
    for method in (byte_level.encode, byte_level.pieces):
        with pytest.raises(ValueError, match=r"U\+D800\) at position 4"):
            method("text\ud800")


# --- SmolLM2's own tokenizer

# The tokens that llama.cpp's own tokenizer makes of these texts.
LLAMA_CPP = {
    "a  1": [81, 256, 33],
    "\n 12": [3805, 33, 34],
    "x   3\n\n4": [104, 333, 35, 1116, 36],
    "½² Ⅷ": [16738, 19133, 216, 173, 223, 117],
    "  lead": [216, 1022],
    "it's we'll DON'T": [269, 506, 392, 3060, 422, 2154, 23, 68],
    "tab\t\t5 a_b __init__": [15999, 1656, 37, 253, 79, 82, 2758, 2563, 890],
    "<|im_end|>": [44, 108, 306, 79, 486, 108, 46],
}


@pytest.fixture(scope="module")
def pretrained(smollm2):
    return smollm2.tokenizer


@pytest.mark.parametrize("text", LLAMA_CPP, ids=repr)
def test_smollm2_makes_the_tokens_of_llama_cpp(pretrained, text):
    assert pretrained.encode(text) == LLAMA_CPP[text]


def test_smollm2_is_byte_pair_encoding_as_we_wrote_it(pretrained):
    _, number, space = unicode_classes()  # SmolLM2 reads numbers digit by digit, whatever stands before them
    ours = BytePairTokenizer(pretrained.merges, pattern=rf"{number}|{space}+(?={number})|{gpt2_pattern()}")
    for text in (ENGLISH[:150_000], "½² héllo 世界 🙂 12,345.67  8"):
        assert [*map(ours.token_bytes, ours.encode(text))] == [*map(pretrained.token_bytes, pretrained.encode(text))]


@given(text=st.text())
@example(text="\x00\x01\x02\x03\x04\x05\x1b[0m")
@example(text=chr(0x40000))
def test_smollm2_gives_any_unicode_back_but_for_its_missing_bytes(pretrained, text):
    writable = [character for character in text if pretrained.missing_bytes.isdisjoint(character.encode())]
    if len(writable) == len(text):
        assert pretrained.decode(pretrained.encode(text, strict=True)) == text
        return
    with pytest.raises(ValueError, match=r"no token for character .* at position \d+"):
        pretrained.encode(text, strict=True)
    data = text.encode().translate(None, bytes(pretrained.missing_bytes))
    assert pretrained.decode(pretrained.encode(text)) == data.decode("utf-8", "replace")


def test_smollm2_lacks_six_control_characters_and_what_is_not_assigned(pretrained):
    assert len(pretrained.missing_bytes) == 21
    assert {value for value in pretrained.missing_bytes if value < 0x80} == {0x04, 0x06, 0x13, 0x14, 0x16, 0x1D}
    planes = {
        code >> 16
        for code in range(0x80, 0x110000)
        if not 0xD800 <= code < 0xE000 and code % 64 == 0
        if pretrained.missing_bytes & set(chr(code).encode())
    }
    assert planes == set(range(4, 12))


def test_smollm2_knows_its_special_tokens(pretrained):
    assert pretrained.vocab_size == 49_152
    assert {role: pretrained.special[role] for role in ("bos", "eos", "unk", "pad")} == {
        "bos": 1,
        "eos": 2,
        "unk": 0,
        "pad": 2,
    }
    assert pretrained.special["<|im_end|>"] == 2


def test_smollm2_writes_a_chat_by_its_own_template(pretrained):
    ids = pretrained.render_chat([{"role": "user", "content": "Hi <|im_end|>"}])
    assert pretrained.decode(ids, show_special=True) == (
        "<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n"
        "<|im_start|>user\nHi <|im_end|><|im_end|>\n<|im_start|>assistant\n"
    )
    assert [id for id in ids if id < 17] == [1, 2, 1, 2, 1]
