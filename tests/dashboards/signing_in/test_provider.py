import pytest

from dashboards.config import DashboardSettings
from dashboards.signing_in.provider import known_person, name_in, provider_of
from textwire.access.password_file import Person, person_without_password
from textwire.errors import SettingsError

METADATA = "https://id.example.org/.well-known/openid-configuration"


def people(*names: str) -> dict[str, Person]:
    return {name: person_without_password(name, frozenset({"agent"})) for name in names}


@pytest.mark.parametrize(
    "missing",
    [
        {"oidc_metadata_url": METADATA},
        {"oidc_client_id": "textwire"},
        {"oidc_client_id": "textwire", "oidc_metadata_url": "https://id.example.org"},
    ],
)
def test_what_is_not_said_of_a_provider_is_told_at_the_start(missing: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match=r"OIDC_CLIENT_ID.*well-known/openid-configuration"):
        provider_of(DashboardSettings(sign_in="oidc", **missing))


def test_a_provider_is_not_asked_before_somebody_signs_in() -> None:
    settings = DashboardSettings(
        sign_in="oidc", oidc_client_id="textwire", oidc_metadata_url=METADATA
    )
    assert provider_of(settings).client_id == "textwire"


@pytest.mark.parametrize(
    ("claims", "claim", "name"),
    [
        ({"email": "ada@example.org"}, "email", "ada@example.org"),
        ({"email": "ada@example.org", "email_verified": True}, "email", "ada@example.org"),
        ({"email": "ada@example.org", "email_verified": False}, "email", ""),
        ({"email": "ada@example.org", "email_verified": "false"}, "email", ""),
        ({"sub": "7"}, "email", ""),
        ({"preferred_username": "ada", "email_verified": False}, "preferred_username", "ada"),
        ({"email": ["ada@example.org"]}, "email", ""),
    ],
)
def test_a_name_is_what_the_provider_vouches_for(
    claims: dict[str, object], claim: str, name: str
) -> None:
    assert name_in(claims, claim) == name


def test_an_e_mail_is_known_in_whatever_case() -> None:
    found = known_person(people("ada@example.org"), "Ada@Example.org")
    assert found is not None
    assert found.name == "ada@example.org"


def test_a_name_that_two_have_but_for_case_is_nobodys_unless_written_alike() -> None:
    both = people("ada@example.org", "ADA@example.org")
    assert known_person(both, "Ada@example.org") is None
    assert known_person(both, "ADA@example.org") == both["ADA@example.org"]
    assert known_person(both, "bob@example.org") is None
