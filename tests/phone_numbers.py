#!/usr/bin/env python3
"""Checks that the two tables taken from libphonenumber are what the pinned version of it says.

Usage: tests/phone_numbers.py [--write]

Needs the package `phonenumbers` of PyPI in the version below, for example in a virtual environment:

    python3 -m venv target/phonenumbers
    target/phonenumbers/bin/pip install --quiet phonenumbers==9.0.43
    target/phonenumbers/bin/python tests/phone_numbers.py

The tables, which --write replaces:

    data/phone_regions.tsv             region, country calling code, pattern of its short codes (may be empty)
    tests/fixtures/phone_numbers.tsv   region and one of its example numbers in national, international, RFC 3966 and
                                       E.164 form: fixed line, mobile and toll-free

The metadata is that of libphonenumber, Copyright (C) The Libphonenumber Authors, Apache License 2.0.
"""
import pathlib
import sys

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumberFormat, PhoneNumberType

VERSION = "9.0.43"
ROOT = pathlib.Path(__file__).resolve().parent.parent
# 30 regions whose plans differ: trunk prefixes 0, 06, 8 or none, fixed and variable lengths, leading zeros kept.
EXAMPLE_REGIONS = "US CA GB IE DE FR IT ES PT NL BE CH AT SE NO DK FI PL CZ HU GR TR RU UA IL ZA IN JP AU NZ".split()
EXAMPLE_TYPES = (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE, PhoneNumberType.TOLL_FREE)
FORMS = (PhoneNumberFormat.NATIONAL, PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.RFC3966, PhoneNumberFormat.E164)


def regions():
    """One line for each region that libphonenumber knows."""
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        metadata = PhoneMetadata.short_metadata_for_region(region)
        pattern = metadata.short_code.national_number_pattern if metadata else ""
        yield region, str(phonenumbers.country_code_for_region(region)), "".join((pattern or "").split())


def examples():
    """The example numbers of the regions above, each once."""
    for region in EXAMPLE_REGIONS:
        numbers = []
        for kind in EXAMPLE_TYPES:
            number = phonenumbers.example_number_for_type(region, kind)
            if number is not None and number not in numbers:
                numbers.append(number)
        for number in numbers:
            yield (region, *(phonenumbers.format_number(number, form) for form in FORMS))


def main():
    if phonenumbers.__version__ != VERSION:
        sys.exit(f"phonenumbers {phonenumbers.__version__} is installed; this needs {VERSION}")
    differ = []
    for name, rows in (("data/phone_regions.tsv", regions()), ("tests/fixtures/phone_numbers.tsv", examples())):
        path = ROOT / name
        text = "".join("\t".join(row) + "\n" for row in rows)
        if sys.argv[1:] == ["--write"]:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            differ.append(name)
        print(f"{name}: {text.count(chr(10))} rows")
    if differ:
        sys.exit(f"differs from phonenumbers {VERSION}: {', '.join(differ)}; run with --write and review the diff")


main()
