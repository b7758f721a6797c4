#!/usr/bin/env bash
# Package: python3-avro 1.11.1+dfsg-2 (Debian 12), Apache Avro for Python 1.11.1.
# Input:   amounts as decimal.Decimal, written with a schema of logicalType "decimal", scale 2, and
#          read back with the same schema: records of prices and payments, as sent through Kafka.
# Expected: the same amount. Avro 1.11 specification, "Logical Types", "Decimal": the bytes are the
#          unscaled integer, and the scale stands in the schema alone. A writer must bring the
#          number to that scale, or refuse it, as this one refuses a number with more digits.
# Seen:    the digits are written as they stand, whatever their own exponent. Only an amount that
#          carries exactly two decimals comes back: 12000 is read as 120.00, 12000.5 as 1200.05,
#          1.2E+4 as 0.12. No error, no warning. A test with "19.99" passes.
# Who is hit: every total that was computed (Decimal(12000) * 1) or parsed from "12000".
set -euo pipefail

apt-get -qq -o APT::Sandbox::User=root download python3-avro=1.11.1+dfsg-2
dpkg -x python3-avro_*.deb root

cat >seen.py <<'END'
import io
from decimal import Decimal

from avro import io as codec, schema

amount = schema.parse('{"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2}')


def round_trip(value):
    buffer = io.BytesIO()
    codec.DatumWriter(amount).write(value, codec.BinaryEncoder(buffer))
    buffer.seek(0)
    return codec.DatumReader(amount).read(codec.BinaryDecoder(buffer))


as_written_here = {
    "12000.50": "12000.50",
    "-3.20": "-3.20",
    "12000": "120.00",
    "12000.5": "1200.05",
    "1.2E+4": "0.12",
    "-3": "-0.03",
}
seen = {given: str(round_trip(Decimal(given))) for given in as_written_here}
for given, read in seen.items():
    print(f"written {given:>9}   read {read:>9}   {'' if Decimal(given) == Decimal(read) else 'another amount'}")
try:
    round_trip(Decimal("1.005"))
    refused = False
except Exception as error:
    refused = True
    print(f"written     1.005   refused: {type(error).__name__}")
raise SystemExit(0 if seen == as_written_here and refused else 1)
END
PYTHONPATH=root/usr/lib/python3/dist-packages /usr/bin/python3 seen.py
