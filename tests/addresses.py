"""Addresses that no mail reaches, or that reach somebody else's box than they seem to."""

REFUSED = (
    "a<victim@corp.example>", "<victim@corp.example>", "(c)victim@corp.example", "victim@corp.example>",
    "victim@corp.example,c.d", "victim@corp.example;", "mailto:victim@corp.example", '"victim"@corp.example',
    "victim@[10.0.0.1].example", "a\\victim@corp.example", "vic tim@corp.example", "victim@@corp.example",
    "'victim@corp.example'", "\u2018victim@corp.example\u2019", "\u201cvictim@corp.example\u201d", "`victim@corp.example`",
    "victim@corp.example.", "victim@corp..example", "victim@.corp.example", "victim@corp\u3002example",
    "victim@\uff43orp.example", "vic\u200btim@corp.example", "vic\u200dtim@corp.example", "vic\u00adtim@corp.example",
    "vic\u202etim@corp.example", "vic\u2060tim@corp.example", "vic\ufefftim@corp.example", "vic\u3164tim@corp.example",
    "vic\ufe0ftim@corp.example", "vic\x1b[2Jtim@corp.example", "victim@corp\u200f.example", "vic\u034ftim@corp.example",
)  # fmt: skip
