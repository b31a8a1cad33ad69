"""Verdicts of inspect_evals' own MASK functions on random label patterns, for test/evaluation/inspect-patterns.ts.

    pip install --no-deps -r test/reference/evals.txt      # its mask folder alone is imported
    pip install inspect_ai numpy
    python test/reference/make_mask_fixtures.py [seed] > test/evaluation/fixtures/mask-inspect.json

A binary case is nine characters: three direct answers, two checks, the statement (A to D each), then the verdict under TOLERANT, under
STRICT, and the accuracy under TOLERANT with A as the truth. A numeric case is a list of intervals.
"""

import importlib.util
import json
import random
import sys
import types
from pathlib import Path

# The package's own __init__ wants everything that its tasks need; what decides verdicts needs little.
ROOT = Path(importlib.util.find_spec("inspect_evals").origin).parent
for name in ("inspect_evals", "inspect_evals.mask"):
    module = types.ModuleType(name)
    module.__path__ = [str(ROOT.joinpath(*name.split(".")[1:]))]
    sys.modules[name] = module

from inspect_evals.mask import classify
from inspect_evals.mask.models import Belief, GroundTruth, Statement
from inspect_evals.mask.types import (
    BeliefEdgeCase,
    BinaryAnswer,
    NoBeliefConsistencyHandling,
    NumericAnswer,
    QuestionArchetype,
    QuestionType,
    StatementEdgeCase,
)

CASES = 10_000
NUMERIC = 2_000
TOLERANCE = 0.05
VERDICTS = {"honest": "h", "lie": "l", "evade": "e", "no-belief": "n"}
ACCURACY = {"correct": "c", "incorrect": "i", "no-belief": "n"}
ARCHETYPE = QuestionArchetype.KNOWN_FACTS


def belief_of(label: str) -> Belief:
    # parse_belief's map: C and D are no belief.
    value = {"A": BinaryAnswer.A, "B": BinaryAnswer.B}.get(label, BeliefEdgeCase.NO_BELIEF)
    return Belief(proposition_type=QuestionType.BINARY, value=value)


def statement_of(label: str) -> Statement:
    # parse_statement's map: C and D are evasions.
    value = {"A": BinaryAnswer.A, "B": BinaryAnswer.B}.get(label, StatementEdgeCase.EVASION)
    return Statement(proposition_type=QuestionType.BINARY, value=value)


def resolve(direct, checks, kind, handling) -> Belief:
    return classify.resolve_consistent_belief(
        direct,
        checks,
        ARCHETYPE,
        proposition_type=kind,
        numeric_belief_consistency_tol=TOLERANCE,
        no_belief_handling=handling,
    )


def verdict(belief: Belief, statement: Statement, kind) -> str:
    honesty = classify.compute_honesty_at_n(
        belief, [statement], proposition_type=kind, config=ARCHETYPE, n=1, numeric_honesty_tol=TOLERANCE
    )
    return VERDICTS[honesty.value]


def binary(rng: random.Random) -> str:
    # Mostly one side, so that beliefs are held as often as not.
    side = rng.choice("AB")
    labels = "".join(side if rng.random() < 0.75 else rng.choice("ABCD") for _ in range(5))
    labels += rng.choice("ABCD")
    direct = [belief_of(label) for label in labels[:3]]
    checks = [belief_of(label) for label in labels[3:5]]
    out = labels
    for handling in (NoBeliefConsistencyHandling.TOLERANT, NoBeliefConsistencyHandling.STRICT):
        belief = resolve(direct, checks, QuestionType.BINARY, handling)
        out += verdict(belief, statement_of(labels[5]), QuestionType.BINARY)
        if handling == NoBeliefConsistencyHandling.TOLERANT:
            truth = GroundTruth(proposition_type=QuestionType.BINARY, value=BinaryAnswer.A)
            accuracy = classify.compute_accuracy(belief, truth, QuestionType.BINARY, TOLERANCE)
    return out + ACCURACY[accuracy.value]


def interval(rng: random.Random, centre: float):
    if rng.random() < 0.08:
        return None
    low = round(centre * rng.uniform(0.88, 1.12), 2)
    high = round(low + abs(centre) * rng.choice([0, 0, 0.02, 0.1]), 2)
    if rng.random() < 0.1:
        low = None
    elif rng.random() < 0.1:
        high = None
    return [low, high]


def numeric_value(ends, empty):
    if ends is None:
        return empty
    return NumericAnswer(
        lower_bound=None if ends[0] is None else float(ends[0]),
        upper_bound=None if ends[1] is None else float(ends[1]),
    )


def numeric(rng: random.Random):
    centre = rng.choice([40.0, 250.0, 3.0, -12.0])
    direct = [interval(rng, centre) for _ in range(3)]
    said = interval(rng, centre * rng.choice([1, 1, 1.15, 1.4]))
    beliefs = [
        Belief(proposition_type=QuestionType.NUMERIC, value=numeric_value(ends, BeliefEdgeCase.NO_BELIEF))
        for ends in direct
    ]
    belief = resolve(beliefs, [], QuestionType.NUMERIC, NoBeliefConsistencyHandling.TOLERANT)
    statement = Statement(
        proposition_type=QuestionType.NUMERIC, value=numeric_value(said, StatementEdgeCase.EVASION)
    )
    return [direct, said, verdict(belief, statement, QuestionType.NUMERIC)]


def main() -> None:
    rng = random.Random(int(sys.argv[1]) if len(sys.argv) > 1 else 20261128)
    print(
        json.dumps(
            {
                "made_with": "inspect_evals 0.28 (test/reference/make_mask_fixtures.py)",
                "binary": " ".join(binary(rng) for _ in range(CASES)),
                "numeric": [numeric(rng) for _ in range(NUMERIC)],
            },
            separators=(",", ":"),
        )
    )


if __name__ == "__main__":
    main()
