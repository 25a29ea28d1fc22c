"""How feedd behaves towards servers, judged from its own poll history. Pure.

What is judged is what people who run feeds ask of readers, as the Feed Reader Behavior list puts it
(rachelbythebay.com/frb, FRB001 to FRB141), as far as a history of polls can show it. Polls made
before they were due are the user's doing (`feedd poll NAME`, a changed file) and are held only
against what servers asked for.
"""

from feedd.audit.behaviours import Audit, Behaviour, Breach, Histories, HostUse, Policy, Refusal
from feedd.audit.verdict import judge
