"""Reference values for the linear probe and its area under the curve, from scikit-learn.

    pip install -r test/reference/requirements.txt
    python test/reference/make_probe_fixtures.py test/disposition/fixtures/probe

Targets are probabilities: to scikit-learn each row stands twice, as a lie with that weight and as none with the rest.
"""

import json
import shutil
import sys
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score


def case(rows, width, random, hard, strength):
    states = random.normal(size=(rows, width)).round(4)
    truth = random.normal(size=width)
    targets = 1 / (1 + np.exp(-(states @ truth - 1)))
    targets = (targets > 0.5).astype(float) if hard else targets.round(4)
    model = LogisticRegression(C=strength, tol=1e-12, max_iter=100_000)
    model.fit(
        np.concatenate([states, states]),
        np.repeat([1, 0], rows),
        sample_weight=np.concatenate([targets, 1 - targets]),
    )
    told = model.predict_proba(states)[:, 1]
    area = roc_auc_score(targets, told.round(1)) if hard else None
    return {
        "states": states.tolist(),
        "targets": targets.tolist(),
        "strength": strength,
        "weights": model.coef_[0].tolist(),
        "bias": model.intercept_[0],
        # Rounded, so that some are equal.
        "scores": told.round(1).tolist(),
        "area": area,
    }


def main(target):
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    random = np.random.default_rng(5)
    cases = [
        case(40, 3, random, True, 1.0),
        case(12, 30, random, True, 1.0),
        case(30, 8, random, False, 0.2),
        case(20, 5, random, True, 1000.0),
    ]
    (target / "cases.json").write_text(json.dumps(cases) + "\n")


main(Path(sys.argv[1]))
