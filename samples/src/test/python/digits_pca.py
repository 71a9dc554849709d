"""The error of principal components on the digits, beside which the sample autoencoder is measured.

    python digits_pca.py DIGITS ROWS

DIGITS and ROWS are digits.csv.gz and digits_test_rows.txt. Prints the mean squared error, by pixel,
of the test images put together again from their first 4, 8 and 16 principal components, which are
those of the other images. Needs NumPy.
"""

import sys

import numpy as np


def main(digits, rows):
    images = np.loadtxt(digits, delimiter=",")[:, :64] / 16
    is_test = np.zeros(len(images), dtype=bool)
    is_test[np.loadtxt(rows, dtype=int)] = True
    train, test = images[~is_test], images[is_test]
    mean = train.mean(axis=0)
    components = np.linalg.svd(train - mean, full_matrices=False)[2]
    for count in (4, 8, 16):
        kept = components[:count]
        made = (test - mean) @ kept.T @ kept + mean
        print(f"{count:3d} components   {((made - test) ** 2).mean():.7f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
