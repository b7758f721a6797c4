"""Certificates for tests, made while they run (ECDSA)."""

import datetime
import ipaddress
import os

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOUR = datetime.timedelta(hours=1)


def name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def pem(key):
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                             serialization.NoEncryption())


def write(path, content, mode=0o600):
    """Whole, or not at all: the server may read it at any moment."""
    aside = path.with_suffix(".new")
    aside.write_bytes(content)
    os.chmod(aside, mode)
    aside.rename(path)
    return path


class Authority:
    """Signs the certificates of others."""

    def __init__(self, subject):
        self.subject = name(subject)
        self.key = ec.generate_private_key(ec.SECP256R1())
        own = self.begin(self.subject, self.key, 48 * HOUR)
        own = own.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        self.certificate = self.sign(own)

    def begin(self, subject, key, ends):
        now = datetime.datetime.utcnow()
        return (x509.CertificateBuilder().subject_name(subject).issuer_name(self.subject)
                .public_key(key.public_key()).serial_number(x509.random_serial_number())
                .not_valid_before(now - 240 * HOUR).not_valid_after(now + ends))

    def sign(self, begun):
        signed = begun.sign(self.key, hashes.SHA256())
        return signed.public_bytes(serialization.Encoding.PEM)

    def issue(self, subject, hosts=("localhost",), ends=24 * HOUR):
        """The certificate and its key, as PEM."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = [x509.DNSName(host) for host in hosts]
        names.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
        begun = self.begin(name(subject), key, ends)
        begun = begun.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return self.sign(begun), pem(key)
