"""Secrets by their form, wherever they are: ``ghp_...``, ``AKIA...``, a JWT, a private key.

A form is a fixed head and a tail that only a secret has. It says nothing of how random a value is: what has
no form of its own is found by its name, by its use, or not at all. Left out is what is an id rather than a
secret (Twilio's ``AC...`` and ``SK...``), and what has too little of a form (Okta's ``00...``, which a header
of its own carries).
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

PRIVATE_KEY = "private-key"
"""The name of the form of a private key."""


def _anything(_: bytes) -> bool:
    return True


@dataclass(frozen=True)
class Form:
    """One form.

    Attributes:
        name: What its placeholder is called.
        title: What it is, for people.
        heads: What it begins with: patterns of a fixed width that end with the character that is looked for.
        tail: The pattern of what follows.
        source: Where its vendor, or its standard, describes it.
        own: How many of the head's characters are the secret's, from its end; ``None`` if all are.
        first: What is looked for before all else, where a head ends with a character that is in every text.
        holds: Looks closer at what has the form.
    """

    name: str
    title: str
    heads: tuple[str, ...]
    tail: str
    source: str
    own: int | None = None
    first: str = ""
    holds: Callable[[bytes], bool] = _anything


def _is_jwt(value: bytes) -> bool:
    header, _, rest = value.partition(b".")
    try:
        fields = json.loads(base64.urlsafe_b64decode(header + b"=" * (-len(header) % 4)))
    except ValueError:
        return False
    # One without a signature, {"alg": "none"}, proves nothing, and says so.
    return isinstance(fields, dict) and "alg" in fields and not rest.endswith(b".")


def _is_key(value: bytes) -> bool:
    """Whether there is a key, and not the first line of one alone."""
    return _KEY_LINE.search(value) is not None


_KEY_LINE = re.compile(rb"[A-Za-z0-9+/=]{16}")
_HEX = "[0-9a-f]"
_SLASHES = ("/", r"\\/", "%2[fF]")
_SLASH = r"(?:\\?/|%2[fF])"

FORMS = (
    Form(
        PRIVATE_KEY,
        "a private key",
        ("-----",),
        r"BEGIN [A-Z0-9 ]{0,40}?PRIVATE KEY(?: BLOCK)?-----"
        # Lines of a page end with "<br>", and lines in a list with quotes.
        r"(?:[^-\"'<>{}]|-(?!----)|<br ?/?>|\\?[\"'],\s{0,40}\\?[\"']){0,16384}+"
        r"(?:-----END [A-Z0-9 ]{0,40}?PRIVATE KEY(?: BLOCK)?-----)?",
        "https://www.rfc-editor.org/rfc/rfc7468",
        holds=_is_key,
    ),
    Form(
        "1password-token",
        "a service account token of 1Password",
        ("ops_",),
        r"eyJ[\w-]{100,}+",
        "https://developer.1password.com/docs/service-accounts/security/",
    ),
    Form(
        "age-key",
        "a key of age",
        ("AGE-SECRET-KEY-",),
        r"1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}",
        "https://age-encryption.org/v1",
    ),
    Form(
        "airtable-token",
        "a token of Airtable",
        (r"pat\w{14}\.",),
        rf"{_HEX}{{64}}",
        "https://airtable.com/developers/web/guides/personal-access-tokens",
    ),
    Form(
        "anthropic-key",
        "an API key of Anthropic",
        ("sk-ant-",),
        r"[a-z]{3,6}\d\d-[\w-]{32,}+",
        "https://docs.anthropic.com/en/api/admin-api/apikeys/get-api-key",
    ),
    Form(
        "atlassian-token",
        "an API token of Atlassian",
        ("A",),
        r"T[AC]TT3[\w=.-]{40,}+",
        "https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/",
    ),
    Form(
        "aws-access-key-id",
        "an access key of AWS",
        ("A",),
        r"(?:[KS]IA|BIA|CCA)[0-9A-Z]{16}",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html",
    ),
    Form(
        "azure-client-secret",
        "a client secret of Microsoft Entra",
        (r"[\w~.-]{3}\dQ~",),
        r"[\w~.-]{31,34}",
        "https://learn.microsoft.com/en-us/purview/sit-defn-azure-ad-client-secret",
    ),
    Form(
        "azure-storage-key",
        "a key of Azure Storage",
        ("AccountKey=", "SharedAccessKey="),
        r"(?:[A-Za-z0-9+/]|\\u002[bBfF]|\\/){43,86}+={1,2}",
        "https://learn.microsoft.com/en-us/azure/storage/common/storage-configure-connection-string",
        own=0,
    ),
    Form(
        "azure-sas-signature",
        "the signature of a shared access signature of Azure",
        ("sig=",),
        r"(?:[A-Za-z0-9+/]|%2[bBfF]){43}(?:=|%3[dD])",
        "https://learn.microsoft.com/en-us/rest/api/storageservices/create-service-sas",
        own=0,
    ),
    Form(
        "databricks-token",
        "a token of Databricks",
        ("dapi",),
        rf"{_HEX}{{32}}(?:-\d)?",
        "https://docs.databricks.com/aws/en/dev-tools/auth/pat",
        first="dapi",
    ),
    Form(
        "digitalocean-token",
        "a token of DigitalOcean",
        ("do[opr]_v1_",),
        rf"{_HEX}{{64}}",
        "https://docs.digitalocean.com/reference/api/create-personal-access-token/",
    ),
    Form(
        "discord-token",
        "a bot token of Discord",
        tuple(rf"[MNO][\w-]{{{count}}}\." for count in (23, 24, 25, 26, 27)),
        r"[\w-]{6}\.[\w-]{27,40}",
        "https://discord.com/developers/docs/reference#authentication",
    ),
    Form(
        "doppler-token",
        "a token of Doppler",
        (r"dp\.(?:pt|st|sa|ct)\.", r"dp\.scim\.", r"dp\.audit\."),
        r"(?:[a-z0-9_-]{2,35}\.)?[A-Za-z0-9]{40,44}",
        "https://docs.doppler.com/docs/auth-token-formats",
    ),
    Form(
        "dropbox-token",
        "a token of Dropbox",
        (r"sl\.",),
        r"(?:u\.)?[\w-]{130,}+",
        "https://developers.dropbox.com/oauth-guide",
    ),
    Form(
        "figma-token",
        "a token of Figma",
        ("fig[dou]_", "figdr_"),
        r"[\w-]{40,}+",
        "https://www.figma.com/developers/api#access-tokens",
    ),
    Form(
        "github-token",
        "a token of GitHub",
        ("gh[oprsu]_",),
        r"[A-Za-z0-9_]{36,251}",
        "https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/",
    ),
    Form(
        "github-token",
        "a token of GitHub",
        ("github_pat_",),
        r"[A-Za-z0-9]{22}_[A-Za-z0-9]{59}",
        "https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github",
    ),
    Form(
        "gitlab-token",
        "a token of GitLab",
        ("gl(?:pat|cbt|imt|ptt|oas)-", "gl(?:dt|ft|rt)-", "glsoat-", "glagent-", "glffct-", "glrtr-"),
        r"[\w-]{20,1024}+(?:\.[0-9a-z]{2}\.[0-9a-z]{9})?",
        "https://docs.gitlab.com/security/tokens/#token-prefixes",
    ),
    Form(
        "google-api-key",
        "an API key of Google",
        ("A",),
        r"Iza[\w-]{35}",
        "https://cloud.google.com/docs/authentication/api-keys",
    ),
    Form(
        "google-calendar-address",
        "the secret address of a Google calendar",
        ("private-",),
        rf"{_HEX}{{32}}(?={_SLASH}basic\.ics)",
        "https://support.google.com/calendar/answer/37648",
        own=0,
    ),
    Form(
        "google-client-secret",
        "a client secret of Google",
        ("GOCSPX-",),
        r"[\w-]{28}",
        "https://support.google.com/cloud/answer/15549257",
    ),
    Form(
        "google-token",
        "an access token of Google",
        (r"ya29\.",),
        r"[\w.-]{20,2048}+",
        "https://developers.google.com/identity/protocols/oauth2",
    ),
    Form(
        "grafana-token",
        "a token of Grafana",
        ("glsa_",),
        rf"[A-Za-z0-9]{{32}}_{_HEX}{{8}}",
        "https://grafana.com/docs/grafana/latest/administration/service-accounts/",
    ),
    Form(
        "hubspot-token",
        "a token of HubSpot",
        ("pat-",),
        rf"[a-z]{{2}}\d-{_HEX}{{8}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}}",
        "https://developers.hubspot.com/docs/apps/legacy-apps/private-apps/overview",
    ),
    Form(
        "huggingface-token",
        "a token of Hugging Face",
        ("hf_",),
        r"[A-Za-z0-9]{34,40}",
        "https://huggingface.co/docs/hub/security-tokens",
    ),
    Form(
        "jfrog-key",
        "an API key of JFrog Artifactory",
        ("A",),
        r"KCp[A-Za-z0-9]{60,}+",
        "https://jfrog.com/help/r/jfrog-platform-administration-documentation/api-key",
    ),
    Form(
        "linear-key",
        "an API key of Linear",
        ("lin_api_", "lin_oauth_"),
        r"[A-Za-z0-9]{40,64}",
        "https://linear.app/developers/graphql",
    ),
    Form(
        "mailgun-key",
        "an API key of Mailgun",
        ("key-",),
        rf"{_HEX}{{32}}",
        "https://documentation.mailgun.com/docs/mailgun/api-reference/authentication/",
    ),
    Form(
        "newrelic-key",
        "a user key of New Relic",
        ("NRAK-",),
        r"[A-Z0-9]{27}",
        "https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/",
    ),
    Form(
        "notion-token",
        "a token of Notion",
        ("ntn_", "secret_"),
        r"[A-Za-z0-9]{43,50}",
        "https://developers.notion.com/page/changelog",
    ),
    Form(
        "npm-token",
        "a token of npm",
        ("npm_",),
        r"[A-Za-z0-9]{36}",
        "https://github.blog/changelog/2021-09-23-npm-has-a-new-access-token-format/",
    ),
    Form(
        "openai-key",
        "an API key of OpenAI",
        ("sk-",),
        r"[\w-]{20,200}T3BlbkFJ[\w-]{20,200}",
        "https://platform.openai.com/docs/api-reference/authentication",
    ),
    Form(
        "postman-key",
        "an API key of Postman",
        ("PMAK-",),
        rf"{_HEX}{{24}}-{_HEX}{{34}}",
        "https://learning.postman.com/docs/developer/postman-api/authentication/",
    ),
    Form(
        "pypi-token",
        "a token of PyPI",
        ("pypi-",),
        r"AgE[\w-]{50,}+",
        "https://docs.pypi.org/api/secrets/",
    ),
    Form(
        "sendgrid-key",
        "an API key of SendGrid",
        (r"SG\.",),
        r"[\w-]{22}\.[\w-]{43}",
        "https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys",
    ),
    Form(
        "shopify-token",
        "a token of Shopify",
        ("shp(?:at|ss|ca|pa)_",),
        r"[0-9a-fA-F]{32}",
        "https://shopify.dev/changelog/length-of-the-shopify-access-token-is-increasing",
    ),
    Form(
        "slack-token",
        "a token of Slack",
        ("xox[abeoprs]-", "xapp-"),
        r"(?=[A-Za-z-]{0,20}\d)[A-Za-z0-9-]{20,}+",
        "https://docs.slack.dev/authentication/tokens",
    ),
    Form(
        "slack-webhook",
        "a webhook of Slack",
        tuple(
            rf"hooks\.slack\.com{slash}{kind}{slash}T"
            for kind in ("services", "workflows", "triggers")
            for slash in ("/", r"\\/", "%2[fF]")
        ),
        r"[A-Z0-9]{6,}+(?:(?:\\?/|%2[fF])\w{6,}+){2,3}",
        "https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks",
        own=1,
        first="hooks.slack.com",
    ),
    Form(
        "square-secret",
        "a secret of Square",
        ("sq0(?:csp|atp)-",),
        r"[\w-]{22,60}",
        "https://developer.squareup.com/docs/build-basics/access-tokens",
    ),
    Form(
        "stripe-key",
        "a secret key of Stripe",
        ("[rs]k_(?:live|test)_",),
        r"[A-Za-z0-9]{16,}+",
        "https://docs.stripe.com/keys",
    ),
    Form(
        "stripe-webhook-secret",
        "a secret of a webhook of Stripe",
        ("whsec_",),
        r"[A-Za-z0-9+/]{24,}+={0,2}",
        "https://docs.stripe.com/webhooks/signature",
    ),
    Form(
        "telegram-token",
        "a bot token of Telegram",
        tuple(
            rf"{before}\d{{{count}}}:A" for before in ("bot", r"(?:(?<!\d)|(?<=%22))") for count in (10, 9, 8)
        ),
        r"A[\w-]{33}",
        "https://core.telegram.org/bots/api#authorizing-your-bot",
        own=1,
    ),
    Form(
        "terraform-token",
        "a token of Terraform",
        (r"\w{14}\.atlasv1\.",),
        r"[\w-]{60,}+",
        "https://developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/api-tokens",
    ),
    Form(
        "vault-token",
        "a token of HashiCorp Vault",
        (r"hv[bsr]\.",),
        r"[\w-]{24,}+",
        "https://developer.hashicorp.com/vault/docs/concepts/tokens",
    ),
    Form(
        "buildkite-token",
        "a token of Buildkite",
        ("bkua_",),
        rf"{_HEX}{{40}}",
        "https://buildkite.com/docs/apis/managing-api-tokens",
    ),
    Form(
        "clojars-token",
        "a deploy token of Clojars",
        ("CLOJARS_",),
        r"[A-Za-z0-9]{60}",
        "https://github.com/clojars/clojars-web/wiki/Deploy-Tokens",
    ),
    Form(
        "docker-token",
        "a token of Docker",
        ("dckr_pat_",),
        r"[\w-]{27}",
        "https://docs.docker.com/security/access-tokens/",
    ),
    Form(
        "discord-webhook",
        "a webhook of Discord",
        tuple(rf"discord{app}\.com{slash}api{slash}webhooks" for app in ("", "app") for slash in _SLASHES),
        rf"{_SLASH}\d{{17,20}}{_SLASH}[\w-]{{30,}}+",
        "https://discord.com/developers/docs/resources/webhook",
        own=0,
        first="webhooks",
    ),
    Form(
        "google-refresh-token",
        "a refresh token of Google",
        ("1//",),
        r"0[\w-]{40,}+",
        "https://developers.google.com/identity/protocols/oauth2",
        first="1//0",
    ),
    Form(
        "grafana-cloud-token",
        "a token of Grafana Cloud",
        ("glc_",),
        r"eyJ[\w+/-]{60,}+={0,2}",
        "https://grafana.com/docs/grafana-cloud/security-and-account-management/",
    ),
    Form(
        "groq-key",
        "an API key of Groq",
        ("gsk_",),
        r"[A-Za-z0-9]{48,56}",
        "https://console.groq.com/docs/quickstart",
    ),
    Form(
        "heroku-key",
        "an API key of Heroku",
        ("HRKU-",),
        r"[\w-]{36,}+",
        "https://devcenter.heroku.com/articles/oauth",
    ),
    Form(
        "planetscale-token",
        "a token of PlanetScale",
        ("pscale_tkn_", "pscale_pw_", "pscale_oauth_"),
        r"[\w=.-]{32,64}",
        "https://planetscale.com/docs/api/reference/service-tokens",
    ),
    Form(
        "replicate-token",
        "a token of Replicate",
        ("r8_",),
        r"[A-Za-z0-9]{37}",
        "https://replicate.com/docs/topics/security/api-tokens",
    ),
    Form(
        "rubygems-key",
        "an API key of RubyGems",
        ("rubygems_",),
        rf"{_HEX}{{48}}",
        "https://guides.rubygems.org/api-key-scopes/",
    ),
    Form(
        "sentry-token",
        "a token of Sentry",
        ("sntrys_",),
        r"eyJ[\w+/=-]{40,}+",
        "https://docs.sentry.io/account/auth-tokens/",
    ),
    Form(
        "sentry-token",
        "a token of Sentry",
        ("sntryu_",),
        rf"{_HEX}{{64}}",
        "https://docs.sentry.io/account/auth-tokens/",
    ),
    Form(
        "supabase-token",
        "a token of Supabase",
        ("sbp_",),
        rf"{_HEX}{{40}}",
        "https://supabase.com/docs/reference/api/introduction",
    ),
    Form(
        "teams-webhook",
        "a webhook of Microsoft Teams",
        tuple(rf"webhook\.office\.com{slash}webhookb2" for slash in _SLASHES),
        rf"{_SLASH}[\w@%-]{{36,}}+{_SLASH}IncomingWebhook{_SLASH}\w{{16,}}+(?:{_SLASH}[\w-]+)*+",
        "https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook",
        own=0,
        first="webhookb2",
    ),
    Form(
        "zapier-webhook",
        "a webhook of Zapier",
        tuple(rf"hooks\.zapier\.com{slash}hooks{slash}catch" for slash in _SLASHES),
        rf"{_SLASH}\d{{4,}}+{_SLASH}\w{{6,}}+",
        "https://help.zapier.com/hc/en-us/articles/8496288690317",
        own=0,
        first="hooks.zapier.com",
    ),
    Form(
        "paseto",
        "a PASETO",
        (r"v[1-4]\.local\.", r"v[1-4]\.public\."),
        r"[\w-]{40,}+(?:\.[\w-]++)?",
        "https://github.com/paseto-standard/paseto-spec",
    ),
    Form(
        "jwt",
        "a JWT",
        ("eyJ",),
        # What has the head again and again is gone through once.
        r"(?:(?<![\w-]eyJ)|(?<=\\[bfnrt]eyJ)|(?<=%[0-9A-Fa-f]{2}eyJ)|(?<=\\u[0-9A-Fa-f]{4}eyJ))"
        r"[\w-]{8,}+(?:\.[\w-]*+){2,4}",
        "https://www.rfc-editor.org/rfc/rfc7519",
        holds=_is_jwt,
    ),
)
TITLES = {form.name: form.title for form in FORMS}
SHORTEST_FORM = 20
"""So many characters has the shortest of them, an access key of AWS."""

# A secret begins behind anything but a letter or digit, or behind an escaped character: "%22ghp_", "\\nghp_".
_BEGINS = re.compile(rb"(?:\A|[^A-Za-z0-9_]|%[0-9A-Fa-f]{2}|\\[bfnrt]|\\u[0-9A-Fa-f]{4})\Z")
_LONGEST_ESCAPE = 6
_WORD = re.compile(rb"\w", re.ASCII)
# No tail begins otherwise, and most texts do; a UUID has hyphens behind digits and a to f, as few heads have.
_MAY_FOLLOW = r"(?=[\w.~+/\\%-]{16}|BEGIN )"
_MAY_PRECEDE = {"-": "(?:(?<![0-9a-f]-)|(?<=xox[abe]-)|(?<=private-))"}


@dataclass(frozen=True)
class _Anchor:
    """The forms whose heads end with one character.

    Attributes:
        first: What is looked for before all else.
        search: Finds that character, behind one of the heads and before its tail, which is the group that
        matches. forms: For each group the form, and what finds its head.
    """

    first: bytes
    search: re.Pattern[bytes]
    forms: tuple[tuple[Form, re.Pattern[bytes]], ...]


def _anchors() -> Iterator[_Anchor]:
    # One character is found in a fraction of the time that one of many words takes.
    by_last: dict[str, list[tuple[str, Form]]] = {}
    for form in FORMS:
        for head in form.heads:
            by_last.setdefault(head[-1], []).append((head, form))
    for last, heads in by_last.items():
        tails = "|".join(f"(?<={head})({form.tail})" for head, form in heads)
        search = f"{re.escape(last)}{_MAY_PRECEDE.get(last, '')}{_MAY_FOLLOW}(?:{tails})"
        yield _Anchor(
            (heads[0][1].first or last).encode(),
            re.compile(search.encode(), re.ASCII),
            tuple((form, re.compile(f"(?:{head})\\Z".encode())) for head, form in heads),
        )


_ANCHORS = tuple(_anchors())


def secrets_by_form(data: bytes) -> Iterator[tuple[str, str]]:
    """The name of the form, and the value, of each secret in ``data`` that has one.

    Args:
        data: A text as it was sent; escapes of JSON in a secret are undone, and so are those of a URL.
    """
    for anchor in _ANCHORS:
        if anchor.first not in data:
            continue
        for found in anchor.search.finditer(data):
            form, head = anchor.forms[found.lastindex - 1 if found.lastindex else 0]
            tail_start, end = found.span(found.lastindex or 0)
            begun = head.search(data, max(tail_start - _LONGEST_HEAD, 0), tail_start)
            assert begun is not None  # noqa: S101 - the search has seen it
            value = data[begun.start() if form.own is None else tail_start - form.own : end]
            if _stands_alone(data, begun.start(), end) and form.holds(value):
                yield form.name, _plain(value)


_LONGEST_HEAD = 40


def _stands_alone(data: bytes, start: int, end: int) -> bool:
    """Whether what is found is no part of a longer word."""
    if _WORD.match(data, end) is not None:
        return False
    return _BEGINS.search(data[max(start - _LONGEST_ESCAPE, 0) : start]) is not None


def _plain(value: bytes) -> str:
    text = value.decode("utf-8", "surrogateescape")
    if "%" in text:
        text = unquote(text)
    # A text of JSON may be in a text of JSON.
    while "\\" in text:
        try:
            plain = json.loads(f'"{text}"', strict=False)
        except ValueError:
            return text
        text = plain
    return text
