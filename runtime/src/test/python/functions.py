"""The coefficients of Functions.java, and functions.json: values of the functions in 60 digits, for FunctionsTest.

    python functions.py ../resources/fixtures/functions.json

Needs mpmath. A polynomial of n coefficients comes from mpmath's Chebyshev interpolation, which is within a small factor of the
best one; its coefficients are then rounded to the type that they are used in.
"""

import json
import sys

import mpmath as mp

mp.mp.dps = 60


def power_tail(r):
    """(e^r - 1 - r) / r^2"""
    return (mp.expm1(r) - r) / r**2 if abs(r) > 1e-20 else mp.mpf(1) / 2 + r / 6


def tanh_tail(z):
    """(tanh(x) - x) / x^3 with z = x^2"""
    return (mp.tanh(mp.sqrt(z)) / mp.sqrt(z) - 1) / z if z > 1e-20 else mp.mpf(-1) / 3


def erf_tail(z):
    """(erf(x) - x) / x with z = x^2"""
    return mp.erf(mp.sqrt(z)) / mp.sqrt(z) - 1 if z > 1e-20 else 2 / mp.sqrt(mp.pi) - 1


def log_erfc(a):
    return mp.log(mp.erfc(a))


def erfcx(t):
    """e^(a^2) erfc(a) with t = (a - 3) / (a + 3)"""
    a = 3 * (1 + t) / (1 - t)
    return mp.exp(a**2) * mp.erfc(a)


FITS = [
    ("exp, float", power_tail, [-0.3475, 0.3475], 5),
    ("tanh, float", tanh_tail, [0, 0.625**2], 5),
    ("erf, float, below 0.95", erf_tail, [0, 0.95**2], 7),
    ("erf, float, from 0.95", log_erfc, [0.9, 4], 9),
    ("erf, double, below 1", erf_tail, [0, 1], 14),
    ("erf, double, from 1", erfcx, [mp.mpf(-2) / 4, mp.mpf(3) / 9], 16),
]


def main(path):
    for name, function, interval, count in FITS:
        coefficients, error = mp.chebyfit(function, interval, count, error=True)
        print(f"{name}: error {mp.nstr(error, 3)}, highest power first")
        for coefficient in coefficients:
            print(f"  {float(coefficient)!r}")
    # Sixteenths, so that every argument is exact in both types.
    arguments = [i / 16 for i in range(-112, 113)]
    document = [
        {"function": name, "x": arguments, "y": [float(function(mp.mpf(x))) for x in arguments]}
        for name, function in (("exp", mp.exp), ("tanh", mp.tanh), ("erf", mp.erf))
    ]
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        out.write("[\n" + ",\n".join(json.dumps(case) for case in document) + "\n]\n")


if __name__ == "__main__":
    main(sys.argv[1])
