"""Words of a language that are names, too: they are replaced only where it is certain that they are names."""

from __future__ import annotations

from connector_contract.people.listed import listed

# What roles are called, and whoever has one, together.
_OF_ROLES = listed(
    "admins administrators analyst analysts approver approvers auditor auditors author authors backup"
    " billing build builder builds ceo cfo cio ciso cli cmo collaborator commenter contractor contractors"
    " contributor contributors coo cto deploy deployer deployment developer developers"
    " director directors editor editors employees everyone executive executives external externals guests"
    " interns invoice invoices invoicing maintainer maintainers managers moderator moderators"
    " observer observers operator operators orders owners payment payments payroll platform procurement"
    " provisioner purchasing readers reader readonly recruiter recruiters recruiting release releases"
    " reporter reporters reviewer reviewers superadmin superuser superusers sysadmins test trainer"
    " treasurer vendor vendors vp viewer viewers warehouse writer writers"
)
TOOLS = listed(
    "ansible argocd atlassian automation bitbucket buildkite circleci cloudflare datadog dependabot github"
    " gitlab grafana hubot jira kubernetes mailchimp nagios okta pagerduty prometheus renovate sendgrid"
    " sentry slack slackbot snyk sonarqube splunk teamcity terraform twilio vault workato zapier"
)
"""Programs that have accounts."""
# What texts and APIs are made of, among it what is also a name: Will, May, Mark, Rose, Page.
_OF_TEXTS = listed(
    "a about above access account accounts active activity add added address admin administrator after"
    " all allow also am an and any api app application april archived are art as ask at august auth autumn"
    " available away back bank base be been before best bill black blue bot both box brown business by"
    " call can case change charge chase city class click client close code com company contact content"
    " count create created customer daily dash data date dawn day days default delete deleted department"
    " desc description detail details device dev disabled display do does domain each edit email employee"
    " enabled end engineer engineering entry error event every example external faith false field file"
    " filter finance first flag for form free from full general get given go grant grants grace green"
    " group groups guest has have head help her here his home hope host how http https id if in info"
    " inactive index internal is it item items its join joy june july just key kind label language last"
    " lead legal level license limit link list local login long mail main major manager march mark"
    " marketing master max may me media member members merge message min mobile mode monday month more my"
    " name net never new next no none north not null number of off office offset ok old on one only open"
    " operations or order org organization other our out owner page pages parent park part password path"
    " pay people permission person phone plan please policy post price primary private product profile"
    " project public read ref region request resource response result results rich role roles root rose"
    " sales schema scope search second secret security self send service session set shared show sign site"
    " size skip sort south space staff star start state status stone store street string suite summer"
    " support suspended system tag task team temp test text than that the their them then there they this"
    " time title to token total trial true type under unknown update updated url us use user username"
    " users value version very view wait was way we web week west white who will winter with word work"
    " workspace write www year yes you your young monday tuesday wednesday thursday friday saturday sunday"
    " january february september october november december de en es fr it json xml html png jpg gif svg"
    " wife husband mother father brother sister"
    " alt rule rules wiki"
)
COMMON = _OF_TEXTS | _OF_ROLES | TOOLS
# Whom an account or a mailbox is for that is nobody's own.
ROLES = _OF_ROLES | listed(
    "abuse accounting accounts admin administrator all api app billing bot careers ci compliance contact"
    " daemon default demo dev developers devops dns donotreply do finance git guest hello help helpdesk"
    " hostmaster hr info it jobs legal mail mailer marketing me monitoring news newsletter no nobody"
    " nobody noc noreply not office ops owner postmaster press privacy qa reply robot root sales security"
    " service svc staff staging support sysadmin system team test testing tester user users webmaster"
)
STREETS = listed(
    "street st str road rd avenue ave lane ln drive dr court ct square sq place pl boulevard blvd suite"
    " ste apt apartment floor fl unit box po building bldg north south east west strasse straße weg platz"
    " allee gasse rue via calle plaza avenida place chemin"
)
"""What stands beside the names of streets."""
# What groups, mailing lists, plans and parts of a company are called.
_OF_ORGANIZATIONS = listed(
    "success relations resources resource care desk center centre council committee board offices division"
    " unit squad crew guild chapter alerts alert reports report reporting notifications digest updates"
    " announcements announce events partners partner partnerships vendor vendors suppliers procurement"
    " purchasing payroll benefits recruiting talent engineering platform infrastructure network networks"
    " cloud server servers database databases cluster pipeline release releases build deployment production"
    " backend frontend research development design analytics insights intelligence solutions systems"
    " services studio labs lab global regional international customers clients inbox mailbox shared room"
    " meeting conference floor building program programme initiative gold silver bronze premium basic"
    " standard enterprise starter pro ltd inc gmbh corp llc limited"
)
# Which of the common words are names beside another name.
_NAMES_TOO = listed(
    "will may mark rose page april august june grace hope faith joy dawn summer winter autumn bill art chase"
    " max stone brown black green white king young north west long major star price case grant park day rich"
    " alt"
)
NO_NAMES = (COMMON | ROLES | _OF_ORGANIZATIONS) - _NAMES_TOO
"""Words that what has one of them beside another is called by: a team, a plan, and no person."""
