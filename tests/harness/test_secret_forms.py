"""Secrets are found by their form, and so are they by detect-secrets, whose detectors are the oracle."""

from __future__ import annotations

import base64
import json
from importlib import import_module

import pytest

from connector_contract.secrets.secret_forms import FORMS, TITLES, secrets_by_form

LETTERS, HEX = "a1B2" * 60, "0a1b2c3d" * 20


def encoded(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def jwt(header):
    return f"{encoded(header)}.{encoded({'sub': '1'})}.{LETTERS[:80]}"


def pem(kind, line="\n"):
    return line.join(
        ["-----BEGIN " + kind + "-----", LETTERS[:64], LETTERS[:64], "-----END " + kind + "-----"]
    )


AGE = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LQPZRY9X8GF2TVDW0S3JN54KHCE"
# In parts, so that none is in this file.
SAMPLES = [
    ("1password-token", "op" + "s_eyJ" + LETTERS[:200]),
    ("age-key", "AGE-SECRET" + "-KEY-1" + AGE),
    ("airtable-token", "pa" + "t" + LETTERS[:14] + "." + HEX[:64]),
    ("anthropic-key", "sk" + "-ant-api03-" + LETTERS[:90]),
    ("atlassian-token", "AT" + "ATT3" + LETTERS[:180] + "=1234ABCD"),
    ("aws-access-key-id", "AK" + "IAABCD2345EFGH6767"),
    ("aws-access-key-id", "AS" + "IAABCD2345EFGH6767"),
    ("azure-client-secret", "abc" + "8Q~" + LETTERS[:34]),
    ("azure-storage-key", "EndpointSuffix=x;Account" + "Key=" + LETTERS[:86] + "=="),
    ("databricks-token", "da" + "pi" + HEX[:32]),
    ("digitalocean-token", "do" + "p_v1_" + HEX[:64]),
    ("discord-token", "MTA" + LETTERS[:21] + "." + LETTERS[:6] + "." + LETTERS[:27]),
    ("doppler-token", "dp" + ".pt." + LETTERS[:43]),
    ("dropbox-token", "s" + "l." + LETTERS[:140]),
    ("figma-token", "fig" + "d_" + LETTERS[:40]),
    *(("github-token", f"gh{kind}" + "_" + LETTERS[:36]) for kind in "poushr" if kind != "h"),
    ("github-token", "github" + "_pat_" + LETTERS[:22] + "_" + LETTERS[:59]),
    *(("gitlab-token", "gl" + kind + "-" + LETTERS[:20]) for kind in ("pat", "dt", "ft", "soat", "rt")),
    ("gitlab-token", "gl" + "ptt-" + LETTERS[:40]),
    ("gitlab-token", "gl" + "agent-" + LETTERS[:50]),
    ("google-api-key", "AI" + "za" + LETTERS[:35]),
    ("google-client-secret", "GOC" + "SPX-" + LETTERS[:28]),
    ("google-token", "ya" + "29." + LETTERS[:60]),
    ("grafana-token", "gl" + "sa_" + LETTERS[:32] + "_" + HEX[:8]),
    ("hubspot-token", "pa" + "t-na1-01234567-0123-0123-0123-0123456789ab"),
    ("huggingface-token", "h" + "f_" + LETTERS[:34]),
    ("jfrog-key", "AK" + "Cp8" + LETTERS[:69]),
    ("jwt", jwt({"alg": "RS256"})),
    ("linear-key", "lin" + "_api_" + LETTERS[:40]),
    ("mailgun-key", "ke" + "y-" + HEX[:32]),
    ("newrelic-key", "NR" + "AK-" + "A1B2C3D4E" * 3),
    ("notion-token", "nt" + "n_" + LETTERS[:46]),
    ("notion-token", "sec" + "ret_" + LETTERS[:43]),
    ("npm-token", "np" + "m_" + LETTERS[:36]),
    ("openai-key", "s" + "k-" + LETTERS[:20] + "T3Blbk" + "FJ" + LETTERS[:20]),
    ("openai-key", "s" + "k-proj-" + LETTERS[:74] + "T3Blbk" + "FJ" + LETTERS[:74]),
    ("postman-key", "PM" + "AK-" + HEX[:24] + "-" + HEX[:34]),
    *(
        ("private-key", pem(f"{kind}PRIVATE" + " KEY"))
        for kind in ("", "RSA ", "EC ", "OPENSSH ", "ENCRYPTED ")
    ),
    ("private-key", pem("PGP PRIVATE" + " KEY BLOCK")),
    ("pypi-token", "pyp" + "i-AgEIcHlwaS5vcmc" + LETTERS[:80]),
    ("sendgrid-key", "S" + "G." + LETTERS[:22] + "." + LETTERS[:43]),
    ("shopify-token", "shp" + "at_" + HEX[:32]),
    *(("slack-token", f"xox{kind}" + "-1234567890-1234567890-" + HEX[:24]) for kind in "abprso"),
    ("slack-token", "xa" + "pp-1-A012345-1234567-" + HEX[:40]),
    ("slack-webhook", "https://hooks.slack" + ".com/services/T01234567/B01234567/" + LETTERS[:24]),
    ("square-secret", "sq0" + "csp-" + LETTERS[:43]),
    ("stripe-key", "sk" + "_live_" + LETTERS[:24]),
    ("stripe-key", "rk" + "_test_" + LETTERS[:24]),
    ("stripe-webhook-secret", "wh" + "sec_" + LETTERS[:32]),
    ("telegram-token", "12345678:" + "AA" + LETTERS[:33]),
    ("telegram-token", "123456789:" + "AA" + LETTERS[:33]),
    ("telegram-token", "bot7123456789:" + "AA" + LETTERS[:33]),
    ("slack-webhook", "https://hooks.slack" + ".com/triggers/T01234567/1234567890123/" + HEX[:32]),
    ("buildkite-token", "bk" + "ua_" + HEX[:40]),
    ("clojars-token", "CLO" + "JARS_" + LETTERS[:60]),
    ("docker-token", "dckr" + "_pat_" + LETTERS[:27]),
    ("discord-webhook", "https://discord" + ".com/api/webhooks/123456789012345678/" + LETTERS[:68]),
    (
        "google-calendar-address",
        "https://calendar.google.com/calendar/ical/a%40b.example/private-" + HEX[:32] + "/basic.ics",
    ),
    ("google-refresh-token", "1/" + "/0" + LETTERS[:99]),
    ("grafana-cloud-token", "gl" + "c_eyJ" + LETTERS[:100]),
    ("groq-key", "gs" + "k_" + LETTERS[:52]),
    ("heroku-key", "HRKU" + "-" + LETTERS[:60]),
    ("planetscale-token", "pscale" + "_tkn_" + LETTERS[:43]),
    ("replicate-token", "r8" + "_" + LETTERS[:37]),
    ("rubygems-key", "rubygems" + "_" + HEX[:48]),
    ("sentry-token", "sntrys" + "_eyJ" + LETTERS[:80] + "_" + LETTERS[:43]),
    ("sentry-token", "sntryu" + "_" + HEX[:64]),
    ("supabase-token", "sb" + "p_" + HEX[:40]),
    (
        "teams-webhook",
        f"https://acme.webhook.office.com/webhookb2/{HEX[:36]}@{HEX[:36]}/Incoming"
        + f"Webhook/{HEX[:32]}/u-1",
    ),
    ("zapier-webhook", "https://hooks.zapier" + ".com/hooks/catch/1234567/" + LETTERS[:7]),
    ("paseto", "v4" + ".local." + LETTERS[:100]),
    ("paseto", "v2" + ".public." + LETTERS[:100] + ".e30"),
    ("terraform-token", LETTERS[:14] + ".atlas" + "v1." + LETTERS[:67]),
    ("vault-token", "hv" + "s." + LETTERS[:90]),
]
IDS = [f"{name}-{number}" for number, (name, _) in enumerate(SAMPLES)]
WRAPPINGS = {
    "alone": str,
    "in a sentence": lambda value: f"it is {value} and more",
    "in JSON": lambda value: json.dumps({"a": value}),
    "in JSON in JSON": lambda value: json.dumps({"b": json.dumps({"a": value})}),
    "after an escape": lambda value: f"\\n{value}\\n",
    "in a URL": lambda value: f"https://a.example/%22{value}%22",
    "in XML": lambda value: f"<a>{value}</a>",
    "as a parameter": lambda value: f"a=b&c={value}&d=e",
}
# Of these, what is before the secret is no part of it.
PARTS = {
    "azure-storage-key", "discord-webhook", "google-calendar-address", "slack-webhook", "teams-webhook",
    "telegram-token", "zapier-webhook",
}  # fmt: skip


def found(text):
    return list(secrets_by_form(text.encode()))


@pytest.mark.parametrize("wrapped", WRAPPINGS.values(), ids=WRAPPINGS)
@pytest.mark.parametrize(("name", "sample"), SAMPLES, ids=IDS)
def test_a_secret_is_found_wherever_it_is(name, sample, wrapped):
    [(form, value)] = found(wrapped(sample))
    assert form == name
    assert sample.removesuffix("/basic.ics").endswith(value) if name in PARTS else value == sample


@pytest.mark.parametrize(("name", "sample"), SAMPLES, ids=IDS)
def test_a_part_of_a_longer_word_is_none(name, sample):
    if name not in PARTS | {"private-key", "azure-client-secret", "terraform-token"}:
        assert found(f"Z{sample}") == []
    if name not in PARTS | {"private-key", "atlassian-token"}:
        # What has no end of its own goes on.
        assert [value for _, value in found(f"{sample}Zz")] != [sample]


def test_each_form_has_a_sample_and_a_source():
    assert {name for name, _ in SAMPLES} | {"azure-sas-signature"} == TITLES.keys()
    assert all(form.source.startswith("https://") for form in FORMS)


@pytest.mark.parametrize("digits", [LETTERS[:43] + "%3D", LETTERS[:20] + "%2F%2b" + LETTERS[:21] + "="])
def test_the_signature_of_a_shared_link(digits):
    [(name, value)] = found("https://x.blob.example/a?sv=1&si" + f"g={digits}&se=2")
    assert (name, value[-1], len(value)) == ("azure-sas-signature", "=", 44)


DATA = [
    "01234567-0123-0123-0123-0123456789ab",
    "sk-this-is-a-css-class-name-of-some-length",
    "https://hooks.slack.com/services/",
    "the key-value store, key-by-key",
    pem("PUBLIC KEY"),
    pem("CERTIFICATE"),
    "-----BEGIN " + "PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
    "secret_santa_enabled_for_everybody_in_the_company",
    "hf_transfer_is_a_module_with_a_long_name",
    "AKIA is how they begin",
    "the ghp_ prefix",
    "pat-na1-",
    "SG.1.2",
    jwt({"typ": "page"}),
    f"{encoded({'alg': 'none'})}.{encoded({'sub': '1'})}.",
    encoded({"page": 2, "of": "a cursor that is JSON"}),
    "AC" + HEX[:32],
    "12:34:56:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "lin_api_key npm_config_registry glpat-",
    "xoxb-not-a-token-of-any-kind",
    "https://discord.com/api/webhooks/123456789012345678",
    "https://hooks.zapier.com/hooks/catch/",
    "https://a.example/private-" + HEX[:32] + "/files",
    "v1.public.api of r8_gpu and rubygems_api, gsk_build, sbp_2, bkua_",
    "the ratio is 1//0.5 of all",
]


@pytest.mark.parametrize("text", DATA, ids=range(len(DATA)))
def test_what_only_looks_alike_is_data(text):
    assert found(text) == []


@pytest.mark.parametrize("line", ["\n", "\r\n", "\\n", ""])
def test_a_private_key_is_found_in_lines_and_in_one(line):
    key = pem("RSA PRIVATE" + " KEY", line)
    [(name, value)] = found(f'key: "{key}"')
    assert (name, value) == ("private-key", key.replace("\\n", "\n"))


@pytest.mark.parametrize("between", ["<br>", "<br />", '", "', '",\n    "'])
def test_a_private_key_is_found_in_lines_of_a_page_and_in_a_list(between):
    lines = pem("PRIVATE" + " KEY").split("\n")
    [(name, value)] = found(f'["{between.join(lines)}"]')
    assert (name, value) == ("private-key", between.join(lines))


def test_a_private_key_that_is_cut_off_is_one():
    key = pem("PRIVATE" + " KEY")[:80]
    assert found(key) == [("private-key", key)]


@pytest.mark.parametrize("count", [20_000])
@pytest.mark.parametrize(
    "text",
    [
        "eyJ",
        "eyJ.",
        "eyJ-",
        "sk-ant-api03-",
        "gh" + "p_",
        "-----BEGIN PRIVATE KEY-----",
        "xoxb-",
        "sk-",
        "AKIA",
        "%22",
        "\\u0022",
    ],
)
def test_what_is_made_to_take_long_does_not(text, count):
    found(text * count)


# Left out are detectors of any value (entropy), of names (keyword: ours judges words), and of addresses
# (basic_auth: user and password of a URL are found where they stand; ip_public), what has no form but a name
# beside it (cloudant, ibm_*, softlayer), ids (twilio), and what is too loose: artifactory takes any word that
# begins with AP and has 9 letters, mailchimp's key is half of a basic pair and so known.
ORACLES = {
    "aws.AWSKeyDetector": {"aws-access-key-id"},
    "azure_storage_key.AzureStorageKeyDetector": {"azure-storage-key"},
    "discord.DiscordBotTokenDetector": {"discord-token"},
    "github_token.GitHubTokenDetector": {"github-token"},
    "gitlab_token.GitLabTokenDetector": {"gitlab-token"},
    "jwt.JwtTokenDetector": {"jwt"},
    "openai.OpenAIDetector": {"openai-key"},
    "private_key.PrivateKeyDetector": {"private-key"},
    "pypi_token.PypiTokenDetector": {"pypi-token"},
    "sendgrid.SendGridDetector": {"sendgrid-key"},
    "slack.SlackDetector": {"slack-token", "slack-webhook"},
    "square_oauth.SquareOAuthDetector": {"square-secret"},
    "stripe.StripeDetector": {"stripe-key"},
    "telegram_token.TelegramBotTokenDetector": {"telegram-token"},
}
# Forms that are newer than the detectors, which know no others of that name.
NEWER = (
    "github" + "_pat_",
    "xa" + "pp-",
    "rk" + "_test_",
    "s" + "k-proj-",
    "-----BEGIN ENCRYPTED",
    "https://hooks.slack.com/tr" + "iggers",
)


@pytest.mark.parametrize("oracle", ORACLES)
def test_the_oracle_finds_them_too(oracle):
    module, _, name = oracle.partition(".")
    detector = getattr(import_module(f"detect_secrets.plugins.{module}"), name)()
    samples = [sample for form, sample in SAMPLES if form in ORACLES[oracle]]
    assert samples
    for sample in samples:
        seen = any(list(detector.analyze_string(line)) for line in sample.split("\n"))
        assert seen or sample.startswith(NEWER), sample[:8]


@pytest.mark.parametrize("oracle", ORACLES)
def test_the_oracle_finds_nothing_in_what_is_data(oracle):
    """But for a key without a key, and a token of nobody."""
    module, _, name = oracle.partition(".")
    detector = getattr(import_module(f"detect_secrets.plugins.{module}"), name)()
    differ = [text for text in DATA if any(list(detector.analyze_string(line)) for line in text.split("\n"))]
    assert set(differ) <= {DATA[6], DATA[13], DATA[14]}
