"""An office's own certificate authority, and the certificates that it gives its web servers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING, Final, TypeAlias

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

Key: TypeAlias = ec.EllipticCurvePrivateKey
Network: TypeAlias = IPv4Network | IPv6Network

AUTHORITY_LIFE: Final = timedelta(days=3650)
CERTIFICATE_LIFE: Final = timedelta(days=800)
"""Some browsers refuse certificates that live longer than 825 days, whoever gave them."""
EARLIER: Final = timedelta(days=1)
"""A certificate is valid from before it was made: clocks of clerks' PCs differ."""
LONGEST_NAME: Final = 64
"""Characters of a name in a certificate (RFC 5280, ub-organization-name)."""

_PRIVATE: Final = (
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "127.0.0.0/8",
    "fc00::/7",
    "::1/128",
)


@dataclass(frozen=True, slots=True)
class Authority:
    certificate: x509.Certificate
    key: Key

    def permits(self, name: str) -> bool:
        """Whether a browser that trusts it would take its word for this host or address."""
        try:
            limits = self.certificate.extensions.get_extension_for_class(x509.NameConstraints)
        except x509.ExtensionNotFound:
            return True
        return any(_within(name, known.value) for known in limits.value.permitted_subtrees or ())


def _within(name: str, limit: object) -> bool:
    address = _address(name)
    if isinstance(limit, IPv4Network | IPv6Network):
        return address is not None and address in limit
    return address is None and (name == limit or name.endswith(f".{limit}"))


def new_authority(title: str, office: str, names: Iterable[str], now: datetime) -> Authority:
    """One whose word counts for these hosts and what is below them, for these addresses and for
    those of private networks: a stolen key can play no other site."""
    key = ec.generate_private_key(ec.SECP256R1())
    limits = [*dict.fromkeys(map(_limit, [*names, *_PRIVATE]))]
    name = _name(title, office)
    certificate = (
        _begun(name, name, key, now, now + AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.NameConstraints(limits, None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return Authority(certificate, key)


def read_authority(pem: bytes, key: bytes) -> Authority:
    """ValueError when one of them cannot be read or they do not belong together."""
    certificate = x509.load_pem_x509_certificate(pem)
    try:
        private = serialization.load_pem_private_key(key, None)
    except (TypeError, UnsupportedAlgorithm) as error:
        raise ValueError(str(error)) from error
    if not isinstance(private, Key) or private.public_key() != certificate.public_key():
        raise ValueError("another key")
    return Authority(certificate, private)


def issue(authority: Authority, names: Iterable[str], now: datetime) -> tuple[bytes, bytes]:
    """A certificate for these hosts and addresses with its authority's below it, and its key, both
    PEM; it ends no later than its authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    known = [*map(_alternative, names)]
    giver = authority.certificate
    ends = min(now + CERTIFICATE_LIFE, giver.not_valid_after_utc)
    signer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key())
    serves = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    certificate = (
        _begun(_name(str(known[0].value)), giver.subject, key, now, ends)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(serves, critical=False)
        .add_extension(x509.SubjectAlternativeName(known), critical=False)
        .add_extension(signer, critical=False)
        .sign(authority.key, hashes.SHA256())
    )
    return pem_of(certificate) + pem_of(giver), pem_of_key(key)


def names_in(pem: bytes) -> tuple[str, ...]:
    """The hosts and addresses of a certificate; ValueError when it cannot be read."""
    certificate = x509.load_pem_x509_certificate(pem)
    try:
        known = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    return tuple(str(one.value) for one in known if isinstance(one, x509.DNSName | x509.IPAddress))


def pem_of(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def pem_of_key(key: Key) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _begun(
    subject: x509.Name, issuer: x509.Name, key: Key, now: datetime, ends: datetime
) -> x509.CertificateBuilder:
    public = key.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - EARLIER)
        .not_valid_after(ends)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _name(title: str, office: str = "") -> x509.Name:
    parts = ((NameOID.COMMON_NAME, title), (NameOID.ORGANIZATION_NAME, office))
    return x509.Name(
        [x509.NameAttribute(kind, text[:LONGEST_NAME]) for kind, text in parts if text]
    )


def _address(name: str) -> object:
    try:
        return ip_address(name)
    except ValueError:
        return None


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _limit(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_network(name))
    except ValueError:
        return x509.DNSName(name)
