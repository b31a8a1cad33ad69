"""What transformers makes of chat templates: ten families' ways of writing one, and random ones.

    pip install -r test/reference/requirements.txt
    python test/reference/make_template_fixtures.py test/engine-generate/fixtures/templates
    python test/reference/make_template_fixtures.py --random SEED COUNT > cases.json

The templates are our own, each with the constructs of the family it is named for.
"""

import json
import random
import sys
import warnings
from pathlib import Path

from transformers.utils.chat_template_utils import render_jinja_template

warnings.filterwarnings("ignore", category=SyntaxWarning)

FAMILIES = {
    "chatml": """{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}""",
    "smollm2": """{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system\\nYou answer briefly.<|im_end|>\\n' }}{% endif %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}""",
    "llama2": """{% if messages[0]['role'] == 'system' %}{% set loop_messages = messages[1:] %}{% set system_message = messages[0]['content'] %}{% else %}{% set loop_messages = messages %}{% set system_message = false %}{% endif %}{% for message in loop_messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('roles must take turns') }}{% endif %}{% if loop.index0 == 0 and system_message != false %}{% set content = '<<SYS>>\\n' + system_message + '\\n<</SYS>>\\n\\n' + message['content'] %}{% else %}{% set content = message['content'] %}{% endif %}{% if message['role'] == 'user' %}{{ bos_token + '[INST] ' + content.strip() + ' [/INST]' }}{% elif message['role'] == 'assistant' %}{{ ' ' + content.strip() + ' ' + eos_token }}{% endif %}{% endfor %}""",
    "llama3": """{{- bos_token }}
{%- if not date_string is defined %}
    {%- if strftime_now_is_off is defined %}{%- set date_string = strftime_now("%d %b %Y") %}{%- else %}{%- set date_string = "26 Jul 2024" %}{%- endif %}
{%- endif %}
{%- if not tools is defined %}
    {%- set tools = none %}
{%- endif %}
{%- if messages[0]['role'] == 'system' %}
    {%- set system_message = messages[0]['content']|trim %}
    {%- set messages = messages[1:] %}
{%- else %}
    {%- set system_message = "" %}
{%- endif %}
{{- "<|start_header_id|>system<|end_header_id|>\\n\\n" }}
{%- if tools is not none %}
    {{- "Environment: ipython\\n" }}
{%- endif %}
{{- "Today Date: " + date_string + "\\n\\n" }}
{{- system_message }}
{{- "<|eot_id|>" }}
{%- for message in messages %}
    {%- if not (message.role == 'ipython' or message.role == 'tool' or 'tool_calls' in message) %}
        {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n'+ message['content'] | trim + '<|eot_id|>' }}
    {%- elif 'tool_calls' in message %}
        {{- raise_exception("no tools") }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}
{%- endif %}
""",
    "qwen3": """{%- if messages[0].role == 'system' %}
    {{- '<|im_start|>system\\n' + messages[0].content + '<|im_end|>\\n' }}
{%- endif %}
{%- set ns = namespace(multi_step_tool=true, last_query_index=messages|length - 1) %}
{%- for message in messages[::-1] %}
    {%- set index = (messages|length - 1) - loop.index0 %}
    {%- if ns.multi_step_tool and message.role == "user" and message.content is string and not(message.content.startswith('<tool_response>') and message.content.endswith('</tool_response>')) %}
        {%- set ns.multi_step_tool = false %}
        {%- set ns.last_query_index = index %}
    {%- endif %}
{%- endfor %}
{%- for message in messages %}
    {%- if message.content is string %}
        {%- set content = message.content %}
    {%- else %}
        {%- set content = '' %}
    {%- endif %}
    {%- if (message.role == "user") or (message.role == "system" and not loop.first) %}
        {{- '<|im_start|>' + message.role + '\\n' + content + '<|im_end|>' + '\\n' }}
    {%- elif message.role == "assistant" %}
        {%- set reasoning_content = '' %}
        {%- if message.reasoning_content is string %}
            {%- set reasoning_content = message.reasoning_content %}
        {%- else %}
            {%- if '</think>' in content %}
                {%- set reasoning_content = content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}
                {%- set content = content.split('</think>')[-1].lstrip('\\n') %}
            {%- endif %}
        {%- endif %}
        {%- if loop.index0 > ns.last_query_index %}
            {%- if loop.last or (not loop.last and reasoning_content) %}
                {{- '<|im_start|>' + message.role + '\\n<think>\\n' + reasoning_content.strip('\\n') + '\\n</think>\\n\\n' + content.lstrip('\\n') }}
            {%- else %}
                {{- '<|im_start|>' + message.role + '\\n' + content }}
            {%- endif %}
        {%- else %}
            {{- '<|im_start|>' + message.role + '\\n' + content }}
        {%- endif %}
        {{- '<|im_end|>\\n' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
    {%- if enable_thinking is defined and enable_thinking is false %}
        {{- '<think>\\n\\n</think>\\n\\n' }}
    {%- endif %}
{%- endif %}""",
    "mistral": """{%- if messages[0]["role"] == "system" %}
    {%- set system_message = messages[0]["content"] %}
    {%- set loop_messages = messages[1:] %}
{%- else %}
    {%- set loop_messages = messages %}
{%- endif %}
{%- if not tools is defined %}
    {%- set tools = none %}
{%- endif %}
{%- set user_messages = loop_messages | selectattr("role", "equalto", "user") | list %}
{%- set ns = namespace(index=0) %}
{%- for message in loop_messages %}
    {%- if not (message.role == "tool" or message.role == "tool_results" or (message.tool_calls is defined and message.tool_calls is not none)) %}
        {%- if (message["role"] == "user") != (ns.index % 2 == 0) %}
            {{- raise_exception("After the system message, user and assistant take turns") }}
        {%- endif %}
        {%- set ns.index = ns.index + 1 %}
    {%- endif %}
{%- endfor %}
{{- bos_token }}
{%- for message in loop_messages %}
    {%- if message["role"] == "user" %}
        {%- if tools is not none and (message == user_messages[-1]) %}
            {{- "[AVAILABLE_TOOLS]" }}
        {%- endif %}
        {%- if loop.last and system_message is defined %}
            {{- "[INST] " + system_message + "\\n\\n" + message["content"] + "[/INST]" }}
        {%- else %}
            {{- "[INST] " + message["content"] + "[/INST]" }}
        {%- endif %}
    {%- elif message["role"] == "assistant" %}
        {{- " " + message["content"]|trim + eos_token }}
    {%- else %}
        {{- raise_exception("Only user and assistant roles are supported") }}
    {%- endif %}
{%- endfor %}
""",
    "gemma": """{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('roles must alternate') }}{% endif %}{% if (message['role'] == 'assistant') %}{% set role = 'model' %}{% else %}{% set role = message['role'] %}{% endif %}{{ '<start_of_turn>' + role + '\\n' + message['content'] | trim + '<end_of_turn>\\n' }}{% endfor %}{% if add_generation_prompt %}{{'<start_of_turn>model\\n'}}{% endif %}""",
    "phi3": """{% for message in messages %}{% if message['role'] == 'system' and message['content'] %}{{'<|system|>\\n' + message['content'] + '<|end|>\\n'}}{% elif message['role'] == 'user' %}{{'<|user|>\\n' + message['content'] + '<|end|>\\n'}}{% elif message['role'] == 'assistant' %}{{'<|assistant|>\\n' + message['content'] + '<|end|>\\n'}}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\\n' }}{% else %}{{ eos_token }}{% endif %}""",
    "zephyr": """{% for message in messages %}
{% if message['role'] == 'user' %}
{{ '<|user|>\\n' + message['content'] + eos_token }}
{% elif message['role'] == 'system' %}
{{ '<|system|>\\n' + message['content'] + eos_token }}
{% elif message['role'] == 'assistant' %}
{{ '<|assistant|>\\n'  + message['content'] + eos_token }}
{% endif %}
{% if loop.last and add_generation_prompt %}
{{ '<|assistant|>' }}
{% endif %}
{% endfor %}""",
    "deepseek": """{% if not add_generation_prompt is defined %}{% set add_generation_prompt = false %}{% endif %}{% set ns = namespace(is_first=false, is_tool=false, system_prompt='') %}{%- for message in messages %}{%- if message['role'] == 'system' %}{% set ns.system_prompt = message['content'] %}{%- endif %}{%- endfor %}{{bos_token}}{{ns.system_prompt}}{%- for message in messages %}{%- if message['role'] == 'user' %}{%- set ns.is_tool = false -%}{{'<|User|>' + message['content']}}{%- endif %}{%- if message['role'] == 'assistant' and message['content'] is not none %}{% set content = message['content'] %}{% if '</think>' in content %}{% set content = content.split('</think>')[-1] %}{% endif %}{{'<|Assistant|>' + content + '<|end|>'}}{%- endif %}{%- endfor -%}{% if add_generation_prompt and not ns.is_tool %}{{'<|Assistant|><think>\\n'}}{% endif %}""",
    "granite": """{%- if messages[0]['role'] == 'system' %}{%- set system_message = messages[0]['content'] %}{%- set loop_messages = messages[1:] %}{%- else %}{%- set system_message = "You are helpful." %}{%- set loop_messages = messages %}{%- endif %}{{ '<|start_of_role|>system<|end_of_role|>' + system_message + '<|end_of_text|>\n' }}{%- for message in loop_messages %}{{ '<|start_of_role|>' + message['role'] + '<|end_of_role|>' + message['content'] + '<|end_of_text|>\n' }}{%- if loop.last and add_generation_prompt %}{{ '<|start_of_role|>assistant' }}{{ '<|end_of_role|>' }}{%- endif %}{%- endfor %}""",
    "macros": """{%- macro turn(message, tail="") -%}<{{ message.role }}>{{ caller() if caller is defined else message.content|trim }}{{ tail }}{%- endmacro -%}{%- for message in messages -%}{{ turn(message, tail=eos_token) }}{%- endfor -%}{%- generation -%}{%- endgeneration -%}""",
    "loops": """{% for message in messages %}[{{ loop.index }}{% if message.role == 'system' %}skipped{% continue %}{% endif %}{{ message.content.strip(' x\\n') }}{% if '</think>' in message.content %} stops here{% break %}{% endif %}]{% else %}none{% endfor %}""",
    "texts": """{% for message in messages %}{{ message.content|length }}:{{ message.content|title }}:{{ message.content.title() }}:{{ message.content|capitalize }}:{{ message.content.split()|join('|') }}:{{ message.content[:3] }}:{{ message.content.lstrip('<>') }}:{{ message == messages[0] }}:{{ none }}:{{ 1 == '1' }}:{{ -7 % 3 }}:{{ x }}{% set x = message.role %}
{% endfor %}""",
}

CHATS = [
    [{"role": "user", "content": "Is the boat safe?"}],
    [{"role": "user", "content": "  Is it?\n"}, {"role": "assistant", "content": "\n\nNo. "}, {"role": "user", "content": ""}],
    [
        {"role": "system", "content": " You tell the truth.\n"},
        {"role": "user", "content": "it's <why> (so)-so"},
        {"role": "assistant", "content": "<think>\n\n  hm \n</think>\n\n  xx Because. 🙂xx "},
    ],
    [
        {"role": "system", "content": "s"},
        {"role": "user", "content": "a\u00a0b\u0085\ufeff c\u2028d"},
        {"role": "assistant", "content": "<think>\nno end"},
        {"role": "user", "content": "naïve 日本語 ÉCOLE"},
    ],
    [{"role": "assistant", "content": "first"}, {"role": "system", "content": "late"}],
]


def rendered(template, chat, prompt):
    """The text, or null where the template or Jinja refuses."""
    try:
        texts, _ = render_jinja_template(
            conversations=[chat], chat_template=template, add_generation_prompt=prompt, bos_token="<s>", eos_token="</s>"
        )
        return texts[0]
    except Exception:
        return None


class Maker:
    """Random templates of a small grammar: most constructs that chat templates have, in any order."""

    TEXTS = ["'a'", "' x '", "'\\n'", "'user'", "'<think>'", "''", "'é😀'", "'ab cd  ef '", "'1'", "'xx<think>yy</think>zz'", "'HeLLo wORLD-it\\'s'"]
    NAMES = ["m.role", "m.content", "m['content']", "messages[0].content", "messages[-1]['role']", "bos_token", "x", "ns.v", "loop.index",
             "loop.index0", "loop.first", "loop.last", "messages|length", "undefinedvar", "m.nothing", "none", "true", "false", "tools"]
    FILTERS = ["trim", "length", "upper", "lower", "title", "capitalize", "string", "int", "first", "last", "tojson", "list", "join",
               'default("d")', 'replace("a","b")', "indent(2)", "reverse", "safe", "float", "abs", "items", "unique", "sort", 'join("-")']
    METHODS = ["strip()", "strip('x')", "lstrip('\\n')", "rstrip('\\n ')", "split('<think>')", "split()", "split(' ',1)", "upper()", "lower()",
               "title()", "capitalize()", "startswith('a')", "endswith('x')", "replace('a','b')", "split('</think>')[-1]", "split('</think>')[0].lstrip()"]
    TESTS = ["defined", "none", "string", "mapping", "iterable", "sequence", "number", "true", "false", "undefined", "boolean", "integer"]
    OPERATORS = ["+", "~", "==", "!=", "in", "not in", "and", "or", "%", "<", ">", "-", "*", "//"]
    ITEMS = ["messages", "messages[1:]", "range(3)", "messages|reverse|list", "range(2,0,-1)", "['p','q']", "messages if m.role == 'user'"]

    def __init__(self, seed):
        self.random = random.Random(seed)

    def expression(self, depth):
        pick, part = self.random.choice, self.random.random()
        if depth <= 0 or part < 0.25:
            return pick(self.TEXTS + ["0", "1", "2", "-1", "3"] + self.NAMES * 2)
        inner = f"({self.expression(depth - 1)})"
        if part < 0.45:
            return f"({inner} {pick(self.OPERATORS)} {self.expression(depth - 1)})"
        if part < 0.6:
            return f"{inner}|{pick(self.FILTERS)}"
        if part < 0.75:
            return f"{inner}.{pick(self.METHODS)}"
        if part < 0.83:
            return f"({inner} if {self.expression(depth - 1)} else {self.expression(depth - 1)})"
        if part < 0.9:
            return f"({inner} is {pick(['', 'not '])}{pick(self.TESTS)})"
        if part < 0.95:
            return f"(not {inner})"
        return f"{inner}[{pick(['0', '-1', '1:', '::-1', ':2', '1'])}]"

    def tag(self, inner):
        return self.random.choice(["{%- ", "{% "]) + inner + self.random.choice([" -%}", " %}"])

    def block(self, depth, loop):
        return "".join(self.statement(depth, loop) for _ in range(self.random.randint(1, 3)))

    def statement(self, depth, loop):
        pick, part = self.random.choice, self.random.random()
        if depth <= 0 or part < 0.2:
            return pick(["text", " ", "\n", "  \n  ", "<|im_start|>", "a\n\n", "\t"])
        if part < 0.5:
            return pick(["{{ ", "{{- "]) + self.expression(2) + pick([" }}", " -}}"])
        if part < 0.62:
            other = self.tag("else") + self.block(depth - 1, loop) if self.random.random() < 0.5 else ""
            return self.tag(f"if {self.expression(2)}") + self.block(depth - 1, loop) + other + self.tag("endif")
        if part < 0.72:
            return self.tag(f"set {pick(['x', 'ns.v', 'y'])} = {self.expression(2)}")
        if part < 0.75:
            return self.tag("set x") + self.block(depth - 1, loop) + self.tag("endset")
        if part < 0.9:
            other = self.tag("else") + self.block(depth - 1, loop) if self.random.random() < 0.2 else ""
            return self.tag(f"for m in {pick(self.ITEMS)}") + self.block(depth - 1, True) + other + self.tag("endfor")
        if part < 0.95 and loop:
            return self.tag(f"if {self.expression(1)}") + self.block(depth - 1, loop) + self.tag(pick(["break", "continue"])) + self.tag("endif")
        if part < 0.98:
            return "{# note #}"
        return self.tag("macro f(a, b=2)") + "[{{ a }}{{ x }}{{ b }}]" + self.tag("endmacro") + "{{ f(" + self.expression(1) + ") }}"

    def case(self):
        template = "{% set ns = namespace(v='0') %}" + self.block(3, False)
        chat, prompt = self.random.choice(CHATS), self.random.random() < 0.5
        return {"template": template, "messages": chat, "add_generation_prompt": prompt, "text": rendered(template, chat, prompt)}


def main(arguments):
    if arguments[0] == "--random":
        maker = Maker(int(arguments[1]))
        json.dump([maker.case() for _ in range(int(arguments[2]))], sys.stdout)
        return
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    values = {
        "chats": CHATS,
        "families": [
            {
                "name": name,
                "template": template,
                "texts": [[rendered(template, chat, prompt) for prompt in (True, False)] for chat in CHATS],
            }
            for name, template in FAMILIES.items()
        ],
    }
    (folder / "templates.json").write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n")


main(sys.argv[1:])
