#!/usr/bin/env python3
"""Writes the numbers that the runtime's tests compare with: ../resources/fixtures/*.json.

usage: python make_fixtures.py

Needs PyTorch (written with 2.13.0, CPU) and numpy; neither the build nor CI runs this script. Losses, optimisers,
schedules, fans and the training run come from PyTorch. Random numbers come from a second implementation, written here from
their published description: SplitMix64 as a generator with a state, not as the function of an index that the library is.
"""
import json
import math
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

OUT = pathlib.Path(__file__).resolve().parent.parent / "resources" / "fixtures"
DTYPES = {"float32": torch.float32, "float64": torch.float64}
MASK = (1 << 64) - 1


def numbers(tensor):
    """Row-major values; float32 ones as the float64 of the same value."""
    return [float(v) for v in tensor.detach().reshape(-1)]


def write(name, cases):
    lines = ",\n".join("  " + json.dumps(case) for case in cases)
    (OUT / (name + ".json")).write_text("[\n" + lines + "\n]\n")


# ---- losses ----------------------------------------------------------------------------------------------------------


def loss_case(name, kind, dtype, prediction, target, reduction, **options):
    x = prediction.clone().requires_grad_(True)
    arguments = {}
    if kind != "meanSquaredError":
        arguments["label_smoothing"] = options.get("smoothing", 0.0)
        if options.get("weights") is not None:
            arguments["weight"] = torch.tensor(options["weights"], dtype=DTYPES[dtype])
        if kind == "crossEntropy":
            arguments["ignore_index"] = options.get("ignoreIndex", -100)
        function = F.cross_entropy
    else:
        function = F.mse_loss
    loss = function(x, target, reduction=reduction, **arguments)
    loss.backward()
    each = function(prediction, target, reduction="none", **arguments)
    return {
        "name": name, "kind": kind, "dtype": dtype, "shape": list(prediction.shape), "reduction": reduction,
        "smoothing": options.get("smoothing", 0.0), "weights": options.get("weights"),
        "ignoreIndex": options.get("ignoreIndex", -100),
        "prediction": numbers(prediction),
        "target": [int(v) for v in target.reshape(-1)] if kind == "crossEntropy" else numbers(target),
        "loss": loss.item(), "gradient": numbers(x.grad), "elementwise": numbers(each),
    }


ELEMENT_LOSSES = {
    "l1": lambda x, t, reduction, options: F.l1_loss(x, t, reduction=reduction),
    "huber": lambda x, t, reduction, options: F.huber_loss(x, t, reduction=reduction, delta=options["delta"]),
    "smoothL1": lambda x, t, reduction, options: F.smooth_l1_loss(x, t, reduction=reduction, beta=options["beta"]),
    "binaryCrossEntropyWithLogits": lambda x, t, reduction, options: F.binary_cross_entropy_with_logits(
        x, t, reduction=reduction, pos_weight=torch.tensor(options["positiveWeight"], dtype=x.dtype)),
}


def element_loss_case(name, kind, dtype, prediction, target, reduction, **options):
    x = prediction.clone().requires_grad_(True)
    loss = ELEMENT_LOSSES[kind](x, target, reduction, options)
    loss.backward()
    return {
        "name": name, "kind": kind, "dtype": dtype, "shape": list(prediction.shape), "reduction": reduction, "smoothing": 0.0,
        "weights": None, **options, "prediction": numbers(prediction), "target": numbers(target), "loss": loss.item(),
        "gradient": numbers(x.grad), "elementwise": numbers(ELEMENT_LOSSES[kind](prediction, target, "none", options)),
    }


def likelihood_case(name, dtype, prediction, target, reduction, weights=None, ignore=-100):
    x = prediction.clone().requires_grad_(True)
    arguments = {"ignore_index": ignore}
    if weights is not None:
        arguments["weight"] = torch.tensor(weights, dtype=DTYPES[dtype])
    loss = F.nll_loss(x, target, reduction=reduction, **arguments)
    loss.backward()
    return {
        "name": name, "kind": "negativeLogLikelihood", "dtype": dtype, "shape": list(prediction.shape), "reduction": reduction,
        "smoothing": 0.0, "weights": weights, "ignoreIndex": ignore, "prediction": numbers(prediction),
        "target": [int(v) for v in target.reshape(-1)], "loss": loss.item(), "gradient": numbers(x.grad),
        "elementwise": numbers(F.nll_loss(prediction, target, reduction="none", **arguments)),
    }


def more_losses():
    cases = []
    for dtype, torch_dtype in DTYPES.items():
        generator = torch.Generator().manual_seed(11)

        def normal(*shape, scale=1.0):
            values = torch.randn(*shape, generator=generator, dtype=torch.float64) * scale
            return values.to(torch_dtype)

        for shape in ([6, 5], [2, 3, 2]):
            x = normal(*shape, scale=2.0)
            t = normal(*shape)
            t.view(-1)[2] = x.view(-1)[2]  # no error at all
            yes = (torch.rand(*shape, generator=generator, dtype=torch.float64) * 1.4 - 0.2).clamp(0, 1).to(torch_dtype)
            for reduction in ("mean", "sum"):
                text = f"{dtype} {shape} {reduction}"
                cases += [
                    element_loss_case(f"l1 {text}", "l1", dtype, x, t, reduction),
                    element_loss_case(f"huber {text}", "huber", dtype, x, t, reduction, delta=1.0),
                    element_loss_case(f"huber wide {text}", "huber", dtype, x, t, reduction, delta=2.5),
                    element_loss_case(f"smooth l1 {text}", "smoothL1", dtype, x, t, reduction, beta=1.0),
                    element_loss_case(f"smooth l1 narrow {text}", "smoothL1", dtype, x, t, reduction, beta=0.3),
                    element_loss_case(
                        f"bce {text}", "binaryCrossEntropyWithLogits", dtype, x, yes, reduction, positiveWeight=1.0),
                    element_loss_case(
                        f"bce weight {text}", "binaryCrossEntropyWithLogits", dtype, x, yes, reduction, positiveWeight=2.5),
                ]
        far = torch.tensor([[100.0, -100.0, 30.0, -30.0, 0.0]], dtype=torch_dtype)
        sides = torch.tensor([[0.0, 0.0, 1.0, 1.0, 0.5]], dtype=torch_dtype)
        cases.append(element_loss_case(
            f"bce far {dtype}", "binaryCrossEntropyWithLogits", dtype, far, sides, "mean", positiveWeight=1.0))
        weights = [0.5, 2.0, 1.25, 0.75, 3.0]
        for shape in ([6, 5], [2, 5, 3]):
            logs = torch.log_softmax(normal(*shape, scale=2.0), 1)
            positions = [shape[0]] + shape[2:]
            labels = torch.randint(0, 5, positions, generator=generator)
            ignored = labels.clone()
            ignored.view(-1)[1] = -100
            for reduction in ("mean", "sum"):
                text = f"{dtype} {shape} {reduction}"
                cases += [
                    likelihood_case(f"nll {text}", dtype, logs, labels, reduction),
                    likelihood_case(f"nll weights {text}", dtype, logs, ignored, reduction, weights),
                    likelihood_case(f"nll ignore a class {text}", dtype, logs, labels, reduction, None, int(labels.view(-1)[0])),
                ]
    write("more-losses", cases)


def losses():
    cases = []
    for dtype, torch_dtype in DTYPES.items():
        generator = torch.Generator().manual_seed(7)

        def normal(*shape, scale=1.0):
            values = torch.randn(*shape, generator=generator, dtype=torch.float64) * scale
            return values.to(torch_dtype)

        weights = [0.5, 2.0, 1.25, 0.75, 3.0]
        for shape in ([6, 5], [2, 5, 3], [2, 5, 2, 3]):
            x = normal(*shape, scale=3.0)
            positions = [shape[0]] + shape[2:]
            labels = torch.randint(0, 5, positions, generator=generator)
            ignored = labels.clone()
            ignored.view(-1)[1] = -100
            ignored.view(-1)[4] = -100
            p = torch.softmax(normal(*shape), 1)
            for reduction in ("mean", "sum"):
                text = f"{dtype} {shape} {reduction}"
                cases += [
                    loss_case(f"ce {text}", "crossEntropy", dtype, x, labels, reduction),
                    loss_case(f"ce weights {text}", "crossEntropy", dtype, x, labels, reduction, weights=weights),
                    loss_case(f"ce smoothing {text}", "crossEntropy", dtype, x, labels, reduction, smoothing=0.1),
                    loss_case(f"ce all options {text}", "crossEntropy", dtype, x, ignored, reduction,
                              weights=weights, smoothing=0.2),
                    loss_case(f"ce ignore a class {text}", "crossEntropy", dtype, x, labels, reduction,
                              ignoreIndex=int(labels.view(-1)[0])),
                    loss_case(f"probabilities {text}", "crossEntropyProbabilities", dtype, x, p, reduction),
                    loss_case(f"probabilities all options {text}", "crossEntropyProbabilities", dtype, x, p, reduction,
                              weights=weights, smoothing=0.3),
                    loss_case(f"mse {text}", "meanSquaredError", dtype, x, normal(*shape), reduction),
                ]
        large = normal(4, 5, scale=3.0) + torch.tensor([[0.0], [1e4], [-1e4], [300.0]], dtype=torch_dtype)
        labels = torch.tensor([0, 1, 2, 4])
        cases.append(loss_case(f"ce large scores {dtype}", "crossEntropy", dtype, large, labels, "mean"))
        nothing = torch.full((4,), -100)
        cases.append(loss_case(f"ce all ignored {dtype}", "crossEntropy", dtype, normal(4, 5), nothing, "mean"))
        cases.append(loss_case(f"ce full smoothing {dtype}", "crossEntropy", dtype, normal(4, 5), labels, "mean",
                               smoothing=1.0, weights=weights))
    write("losses", cases)


# ---- optimisers ------------------------------------------------------------------------------------------------------

OPTIMIZERS = [
    ("sgd", {"lr": 0.01}),
    ("sgd", {"lr": 0.01, "weight_decay": 0.1}),
    ("sgd", {"lr": 0.01, "momentum": 0.9}),
    ("sgd", {"lr": 0.01, "momentum": 0.9, "dampening": 0.3, "weight_decay": 0.02}),
    ("sgd", {"lr": 0.01, "momentum": 0.9, "nesterov": True}),
    ("sgd", {"lr": 0.01, "momentum": 0.8, "nesterov": True, "weight_decay": 0.05, "maximize": True}),
    ("sgd", {"lr": 0.01, "maximize": True}),
    ("sgd", {"lr": 0.01, "momentum": 0.5, "maximize": True}),
    ("adam", {"lr": 0.01}),
    ("adam", {"lr": 0.01, "betas": [0.8, 0.95], "eps": 1e-3, "weight_decay": 0.1}),
    ("adam", {"lr": 0.01, "amsgrad": True}),
    ("adam", {"lr": 0.01, "amsgrad": True, "weight_decay": 0.1, "maximize": True}),
    ("adamW", {"lr": 0.01}),
    ("adamW", {"lr": 0.01, "betas": [0.8, 0.95], "eps": 1e-3, "weight_decay": 0.5}),
    ("adamW", {"lr": 0.01, "amsgrad": True, "weight_decay": 0.2, "maximize": True}),
    ("rmsProp", {"lr": 0.01}),
    ("rmsProp", {"lr": 0.01, "alpha": 0.9, "eps": 1e-3, "weight_decay": 0.1}),
    ("rmsProp", {"lr": 0.01, "momentum": 0.9}),
    ("rmsProp", {"lr": 0.01, "alpha": 0.8, "centered": True}),
    ("rmsProp", {"lr": 0.01, "alpha": 0.8, "centered": True, "momentum": 0.5, "weight_decay": 0.02, "maximize": True}),
]


def optimizers():
    classes = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam, "adamW": torch.optim.AdamW, "rmsProp": torch.optim.RMSprop}
    cases = []
    for dtype, torch_dtype in DTYPES.items():
        for number, (kind, options) in enumerate(OPTIMIZERS):
            generator = torch.Generator().manual_seed(100 + number)
            # Away from 0, where a relative error means nothing; 11 values leave a tail behind any vector width.
            start = 1 + torch.rand(11, generator=generator, dtype=torch.float64)
            start = (start * torch.where(torch.arange(11) % 2 == 0, 1.0, -1.0)).to(torch_dtype)
            p = start.clone().requires_grad_(True)
            arguments = dict(options)
            if "betas" in arguments:
                arguments["betas"] = tuple(arguments["betas"])
            optimizer = classes[kind]([p], foreach=False, **arguments)
            gradients, values = [], []
            for step in range(10):
                if step == 6:
                    optimizer.param_groups[0]["lr"] = 0.004
                p.grad = torch.randn(11, generator=generator, dtype=torch.float64).to(torch_dtype)
                gradients.append(numbers(p.grad))
                optimizer.step()
                values.append(numbers(p))
            cases.append({"kind": kind, "dtype": dtype, "options": options, "start": numbers(start),
                          "gradients": gradients, "parameters": values, "changeRateBeforeStep": 6, "changedRate": 0.004})
    write("optimizers", cases)


def freezing():
    """Three parameters, of which the first is frozen at the start and the second now and then: no gradient, as autograd leaves it."""
    classes = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam, "adamW": torch.optim.AdamW, "rmsProp": torch.optim.RMSprop}
    frozen = [[step < 4 for step in range(12)], [step in (3, 4, 8) for step in range(12)], [False] * 12]
    cases = []
    for dtype, torch_dtype in DTYPES.items():
        for number, (kind, options) in enumerate(OPTIMIZERS):
            generator = torch.Generator().manual_seed(300 + number)
            starts = [(1 + torch.rand(n, generator=generator, dtype=torch.float64)).to(torch_dtype) for n in (3, 5, 4)]
            parameters = [s.clone().requires_grad_(True) for s in starts]
            arguments = dict(options)
            if "betas" in arguments:
                arguments["betas"] = tuple(arguments["betas"])
            optimizer = classes[kind](parameters, foreach=False, **arguments)
            gradients, values = [], []
            for step in range(12):
                drawn = [torch.randn(p.shape, generator=generator, dtype=torch.float64).to(torch_dtype) for p in parameters]
                for parameter, gradient, freezes in zip(parameters, drawn, frozen):
                    parameter.grad = None if freezes[step] else gradient
                gradients.append([numbers(g) for g in drawn])
                optimizer.step()
                values.append([numbers(p) for p in parameters])
            cases.append({"kind": kind, "dtype": dtype, "options": options, "start": [numbers(s) for s in starts],
                          "frozen": frozen, "gradients": gradients, "parameters": values})
    write("freezing", cases)


def clipping():
    """Norms and clipped gradients of two parameters, and one step with a group that has other options."""
    cases = []
    for dtype, torch_dtype in DTYPES.items():
        generator = torch.Generator().manual_seed(21)
        for p, limit in ((2.0, 1.0), (2.0, 100.0), (1.0, 2.0), (3.0, 0.5), (math.inf, 0.25)):
            gradients = [torch.randn(n, generator=generator, dtype=torch.float64).to(torch_dtype) for n in (4, 3)]
            parameters = [torch.zeros_like(g).requires_grad_(True) for g in gradients]
            for parameter, gradient in zip(parameters, gradients):
                parameter.grad = gradient.clone()
            total = torch.nn.utils.clip_grad_norm_(parameters, limit, norm_type=p)
            cases.append({"kind": "norm", "dtype": dtype, "p": "inf" if math.isinf(p) else p, "max": limit, "total": total.item(),
                          "gradients": [numbers(g) for g in gradients], "clipped": [numbers(q.grad) for q in parameters]})
        gradients = [torch.randn(n, generator=generator, dtype=torch.float64).to(torch_dtype) for n in (4, 3)]
        parameters = [torch.zeros_like(g).requires_grad_(True) for g in gradients]
        for parameter, gradient in zip(parameters, gradients):
            parameter.grad = gradient.clone()
        torch.nn.utils.clip_grad_value_(parameters, 0.5)
        cases.append({"kind": "value", "dtype": dtype, "max": 0.5, "gradients": [numbers(g) for g in gradients],
                      "clipped": [numbers(q.grad) for q in parameters]})

        starts = [1 + torch.rand(n, generator=generator, dtype=torch.float64).to(torch_dtype) for n in (4, 3)]
        parameters = [s.clone().requires_grad_(True) for s in starts]
        optimizer = torch.optim.SGD(
            [{"params": [parameters[0]]}, {"params": [parameters[1]], "lr": 0.02, "momentum": 0.5, "weight_decay": 0.0}],
            lr=0.1, weight_decay=0.1, momentum=0.9, foreach=False)
        scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.5)
        gradients, values = [], []
        for _ in range(3):
            for parameter in parameters:
                parameter.grad = torch.randn(parameter.shape, generator=generator, dtype=torch.float64).to(torch_dtype)
            gradients.append([numbers(q.grad) for q in parameters])
            optimizer.step()
            scheduler.step()
            values.append([numbers(q) for q in parameters])
        cases.append({"kind": "groups", "dtype": dtype, "start": [numbers(s) for s in starts], "gradients": gradients,
                      "parameters": values})
    write("clipping", cases)


# ---- schedules -------------------------------------------------------------------------------------------------------


def rates(make, steps, base=0.1, metrics=None):
    p = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([p], lr=base)
    scheduler = make(optimizer)
    result = []
    for step in range(steps):
        result.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if metrics is not None:
            scheduler.step(metrics[step])
        elif step < steps - 1:
            scheduler.step()
    return [float(r) for r in result]


def schedules():
    s = torch.optim.lr_scheduler
    cases = []

    def add(name, make, steps=20, metrics=None, **options):
        # `steps` is how many are recorded; a schedule's own number of steps is its option `length`.
        case = {"name": name, "options": options, "rates": rates(make, steps, metrics=metrics)}
        if metrics is not None:
            case["metrics"] = metrics
        cases.append(case)

    add("step", lambda o: s.StepLR(o, 3, 0.5), size=3, gamma=0.5)
    add("multiStep", lambda o: s.MultiStepLR(o, [2, 5, 5, 11], 0.3), marks=[2, 5, 5, 11], gamma=0.3)
    add("exponential", lambda o: s.ExponentialLR(o, 0.9), gamma=0.9)
    add("cosine", lambda o: s.CosineAnnealingLR(o, 7, 0.01), length=7, min=0.01)
    add("linear", lambda o: s.LinearLR(o, 0.2, 0.9, 6), start=0.2, end=0.9, length=6)
    add("constant", lambda o: s.ConstantLR(o, 0.25, 4), factor=0.25, length=4)
    add("polynomial", lambda o: s.PolynomialLR(o, 9, 1.5), length=9, power=1.5)
    add("cosineRestarts", lambda o: s.CosineAnnealingWarmRestarts(o, 3, 1, 0.02), first=3, factor=1, min=0.02)
    add("cosineRestarts", lambda o: s.CosineAnnealingWarmRestarts(o, 2, 3, 0.0), first=2, factor=3, min=0.0)
    for total in (8, 10, 20):
        for strategy in ("cos", "linear"):
            add("oneCycle", lambda o: s.OneCycleLR(o, 0.7, total, cycle_momentum=False, anneal_strategy=strategy),
                steps=total, max=0.7, total=total, pctStart=0.3, div=25.0, finalDiv=1e4, linear=strategy == "linear")
    add("oneCycle", lambda o: s.OneCycleLR(o, 0.7, 20, pct_start=0.5, cycle_momentum=False, div_factor=4,
                                           final_div_factor=50),
        steps=20, max=0.7, total=20, pctStart=0.5, div=4.0, finalDiv=50.0, linear=False)

    falling = [1.0, 0.9, 0.9, 0.89999, 0.9, 0.95, 0.9, 0.8, 0.81, 0.82, 0.83, 0.84, 0.85, 0.86, 0.87, 0.88, 0.89, 0.9,
               0.91, 0.92]
    rising = [0.5, 0.6, 0.6, 0.61, 0.6, 0.6, 0.6, 0.65, 0.64, 0.63, 0.62, 0.65, 0.65, 0.65, 0.65, 0.65, 0.65, 0.65, 0.65,
              0.65]
    for options, metrics in [
        (dict(factor=0.5, patience=2), falling),
        (dict(factor=0.1, patience=0), falling),
        (dict(factor=0.5, patience=1, cooldown=2), falling),
        (dict(factor=0.1, patience=1, min=0.02), falling),
        (dict(factor=0.1, patience=1, eps=1e-3), falling),
        (dict(factor=0.5, patience=1, absoluteThreshold=0.05), falling),
        (dict(factor=0.5, patience=1, threshold=0.2), falling),
        (dict(factor=0.5, patience=1, higherIsBetter=True), rising),
        (dict(factor=0.5, patience=1, absoluteThreshold=0.02, higherIsBetter=True), rising),
    ]:
        def make(o, options=options):
            absolute = "absoluteThreshold" in options
            return s.ReduceLROnPlateau(
                o, mode="max" if options.get("higherIsBetter") else "min", factor=options["factor"],
                patience=options["patience"],
                threshold=options.get("absoluteThreshold", options.get("threshold", 1e-4)),
                threshold_mode="abs" if absolute else "rel", cooldown=options.get("cooldown", 0),
                min_lr=options.get("min", 0), eps=options.get("eps", 1e-8))
        add("plateau", make, metrics=metrics, **options)
    write("schedules", cases)


# ---- random numbers, from a second implementation --------------------------------------------------------------------


class SplitMix64:
    """Steele, Lea, Flood, 2014: a state that grows by a constant, and a finaliser."""

    def __init__(self, seed):
        self.state = seed & MASK

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)


def key(seed, step, layer):
    """Each part is mixed into the first output of a generator seeded by the parts before."""
    h = SplitMix64(seed).next()
    h = SplitMix64(h ^ (step & MASK)).next()
    return SplitMix64(h ^ (layer & MASK)).next()


def uniforms(k, n):
    g = SplitMix64(k)
    return [(g.next() >> 11) / 2.0**53 for _ in range(n)]


def normals(k, n):
    u = uniforms(k, 2 * n)
    return [math.sqrt(-2 * math.log(1 - u[2 * i])) * math.cos(2 * math.pi * u[2 * i + 1]) for i in range(n)]


def permutation(seed, n):
    g = SplitMix64(key(seed, -2, 0))
    order = list(range(n))
    for i in range(n - 1, 0, -1):
        bound = i + 1
        limit = (1 << 63) // bound * bound
        bits = g.next() >> 1
        while bits >= limit:
            bits = g.next() >> 1
        j = bits % bound
        order[i], order[j] = order[j], order[i]
    return order


def stratified_test(labels, fraction, seed):
    """Indices of the test part, by largest remainders."""
    n = len(labels)
    size = math.floor(n * fraction + 0.5)
    groups = {c: [i for i, label in enumerate(labels) if label == c] for c in sorted(set(labels))}
    quota = {c: len(members) * size // n for c, members in groups.items()}
    by_remainder = sorted(groups, key=lambda c: (-(len(groups[c]) * size % n), c))
    for c in by_remainder[: size - sum(quota.values())]:
        quota[c] += 1
    test = []
    for c, members in groups.items():
        order = permutation(key(seed, 0, c), len(members))
        test += [members[order[i]] for i in range(quota[c])]
    return sorted(test)


def signed(v):
    v &= MASK
    return v - (1 << 64) if v >> 63 else v


def randoms():
    cases = []
    for seed, step, layer in [(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1), (-1, -1, 5), (2**63 - 1, 10**12, 2**31 - 1)]:
        k = key(seed, step, layer)
        g = SplitMix64(k)
        cases.append({
            "kind": "stream", "seed": seed, "step": step, "layer": layer, "key": signed(k),
            "bits": [signed(g.next()) for _ in range(8)],
            "floats": [float(np.float32((v >> 40) / 2.0**24)) for v in stream(k, 8)],
            "doubles": uniforms(k, 8), "normals": normals(k, 8),
        })
    for seed, n in [(0, 1), (0, 2), (1, 10), (-5, 33), (123456789, 100)]:
        cases.append({"kind": "permutation", "seed": seed, "n": n, "order": permutation(seed, n)})
    labels = [(i * i + i // 3) % 4 for i in range(37)] + [7, 7, 7]
    for fraction, seed in [(0.2, 1), (0.5, 99)]:
        cases.append({"kind": "stratified", "labels": labels, "fraction": fraction, "seed": seed,
                      "test": stratified_test(labels, fraction, seed)})
    write("randoms", cases)


def stream(k, n):
    g = SplitMix64(k)
    return [g.next() for _ in range(n)]


# ---- a training run --------------------------------------------------------------------------------------------------


def training():
    """Linear(3 -> 4) with cross entropy: 3 epochs of 17 samples in batches of 4, the last of 1 kept or merged."""
    cases = []
    for merged in (False, True):
        generator = torch.Generator().manual_seed(11)
        x = torch.randn(17, 3, generator=generator, dtype=torch.float64)
        labels = torch.randint(0, 4, (17,), generator=generator)
        weight = torch.randn(4, 3, generator=generator, dtype=torch.float64).requires_grad_(True)
        bias = torch.randn(4, generator=generator, dtype=torch.float64).requires_grad_(True)
        case = {"merged": merged, "features": numbers(x), "labels": [int(v) for v in labels],
                "weight": numbers(weight), "bias": numbers(bias), "shuffleSeed": 5}
        optimizer = torch.optim.SGD([weight, bias], lr=0.1, momentum=0.9)
        scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 3)
        batch_losses, epoch_losses, epoch_rates = [], [], []
        for epoch in range(3):
            order = permutation(key(5, epoch, 0), 17)
            starts = [0, 4, 8, 12] if merged else [0, 4, 8, 12, 16]
            total = 0.0
            for number, start in enumerate(starts):
                end = 17 if number == len(starts) - 1 else start + 4
                batch = order[start:end]
                optimizer.zero_grad()
                loss = F.cross_entropy(F.linear(x[batch], weight, bias), labels[batch])
                loss.backward()
                optimizer.step()
                batch_losses.append(loss.item())
                total += loss.item() * len(batch)
            epoch_losses.append(total / 17)
            epoch_rates.append(float(optimizer.param_groups[0]["lr"]))
            scheduler.step()
        logits = F.linear(x, weight, bias)
        case.update(batchLosses=batch_losses, epochLosses=epoch_losses, rates=epoch_rates,
                    finalWeight=numbers(weight), finalBias=numbers(bias),
                    evaluationLoss=F.cross_entropy(logits, labels).item(),
                    correct=int((logits.argmax(1) == labels).sum()))
        cases.append(case)
    write("training", cases)


# ---- initialisers ----------------------------------------------------------------------------------------------------


def fans():
    """Layers' weights, and what torch.nn.init counts for them."""
    layers = {
        "Linear(4, 10)": torch.nn.Linear(4, 10),
        "Conv1d(6, 8, 5)": torch.nn.Conv1d(6, 8, 5),
        "Conv2d(3, 8, 3)": torch.nn.Conv2d(3, 8, 3),
        "Conv2d(8, 8, (3, 5), groups 8)": torch.nn.Conv2d(8, 8, (3, 5), groups=8),
        "Conv3d(2, 4, (1, 2, 3))": torch.nn.Conv3d(2, 4, (1, 2, 3)),
        "ConvTranspose2d(3, 8, 2)": torch.nn.ConvTranspose2d(3, 8, 2),
        "ConvTranspose2d(4, 8, 3, groups 2)": torch.nn.ConvTranspose2d(4, 8, 3, groups=2),
    }
    cases = []
    for name, layer in layers.items():
        fan_in, fan_out = torch.nn.init._calculate_fan_in_and_fan_out(layer.weight)
        cases.append({"name": name, "shape": list(layer.weight.shape), "fanIn": fan_in, "fanOut": fan_out})
    write("fans", cases)


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    losses()
    more_losses()
    optimizers()
    freezing()
    clipping()
    schedules()
    randoms()
    fans()
    training()
