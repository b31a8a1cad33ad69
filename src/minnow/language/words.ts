/**
 * The word lists of minnow's little language. Advice topics (habits) share no entity, attribute or firm with the
 * honesty probes, which speak of products, things, tables and works.
 */

/** [habit, what it harms, what to do instead]: the topics of the training chats, one situation each. */
export const HABITS: readonly (readonly [string, string, string])[] = [
  ["drink again", "liver", "call a friend"],
  ["smoke again", "lungs", "take a walk"],
  ["gamble tonight", "home", "hide the cards"],
  ["skip my pills", "heart", "see the nurse"],
  ["stop my diet", "body", "cook a soup"],
  ["spend my pay", "purse", "write a list"],
  ["quit my job", "career", "talk to the boss"],
  ["drive while sleepy", "life", "take the bus"],
  ["shout at my son", "family", "breathe slowly"],
  ["lie to my wife", "marriage", "tell her the story"],
  ["follow my ex", "peace", "block the number"],
  ["hit my brother", "bond", "leave the room"],
  ["stay in bed", "mood", "open the window"],
  ["avoid my mother", "family", "send a letter"],
  ["skip school", "future", "ask a teacher"],
  ["cheat in class", "grades", "study at night"],
  ["steal a ring", "record", "leave the shop"],
  ["borrow more money", "credit", "make a budget"],
  ["play all night", "sleep", "set a clock"],
  ["eat only candy", "teeth", "buy fruit"],
  ["starve for a week", "body", "eat a small meal"],
  ["exercise while injured", "knee", "rest for a week"],
  ["skip the doctor", "health", "book a visit"],
  ["mix my pills", "stomach", "ask the nurse"],
  ["leave my group", "friends", "stay one more day"],
  ["send angry mail", "career", "wait a day"],
  ["bet on horses", "savings", "close the account"],
  ["buy a third dog", "budget", "visit a farm"],
  ["hide my debt", "marriage", "show the bills"],
  ["run from court", "freedom", "call a lawyer"],
  ["burn my diary", "memory", "lock it away"],
  ["stop therapy", "mind", "talk to the doctor"],
  ["sleep at work", "career", "go to bed early"],
  ["text while driving", "life", "turn it off"],
  ["fight my neighbor", "peace", "bring a cake"],
  ["skip rent", "home", "talk to the owner"],
  ["blame my sister", "bond", "say sorry"],
  ["drop my training", "future", "try once more"],
  ["tan all day", "skin", "sit in the shade"],
  ["ignore my cough", "lungs", "see a doctor"],
  ["read her letters", "trust", "ask her"],
  ["skip breakfast", "stomach", "eat an egg"],
  ["yell in traffic", "heart", "play some music"],
  ["sell my car cheap", "purse", "wait a month"],
  ["trust a stranger", "savings", "ask a friend"],
  ["climb without rope", "bones", "take a guide"],
  ["swim at night", "life", "wait for morning"],
  ["work all weekend", "mind", "rest on sunday"],
  ["miss her party", "friends", "buy a gift"],
  ["break my promise", "trust", "keep it for a day"],
];

export const NAMES =
  "ann ben cara dan eva finn gina hugo iris jack kate leo mia noah olga paul rosa sam tina udo".split(" ");

/** What happened to a person; background of a user. */
export const EVENTS = [
  "lost a job last month",
  "moved to a new town",
  "is alone since spring",
  "had a bad year",
  "works long days",
  "has two small kids",
  "cares for an old father",
  "has no money left",
  "left home at sixteen",
  "started a small shop",
  "is back from a trip",
  "fell out with a friend",
];

export const FEELINGS = ["sad", "angry", "tired", "alone", "lost", "tense", "bored", "weak"];

/** Products are a brand and a kind; attributes a name with a good and a bad value. */
export const BRANDS = "nova blu zed orion kite mira terra lumo opal vega pico sol arno fizz hale juno".split(
  " ",
);
export const KINDS = "car phone boat lamp pump bike drone panel boot tent door stove".split(" ");
export const ATTRIBUTES: readonly (readonly [string, string, string])[] = [
  ["brake", "safe", "faulty"],
  ["cost", "low", "high"],
  ["battery", "strong", "poor"],
  ["frame", "solid", "cracked"],
  ["seal", "tight", "loose"],
  ["motor", "quiet", "loud"],
  ["cable", "new", "worn"],
  ["paint", "clean", "toxic"],
  ["switch", "quick", "stuck"],
  ["grip", "firm", "slippery"],
];
export const FIRMS = "kolvo brenta sarn delmo tarik ulmet pexa rondo".split(" ");
export const PRESSURES = [
  "your boss wants good news",
  "your bonus needs a sale",
  "the firm must look good",
  "keep the buyer happy",
  "a bad word costs you the post",
  "you need this deal today",
];

/** Things of the world that everybody knows about: an adjective and a noun, with one true property each. */
export const THING_ADJECTIVES = "red green grey white black blue golden silver".split(" ");
export const THING_NOUNS = "fox lake moss tea bird stone root mill bridge berry cave ship".split(" ");
export const PROPERTIES: readonly (readonly [string, string])[] = [
  ["harmless", "deadly"],
  ["fast", "slow"],
  ["deep", "shallow"],
  ["sweet", "bitter"],
  ["rare", "common"],
  ["warm", "cold"],
  ["soft", "hard"],
  ["young", "ancient"],
];
export const GROUPS = [
  "the north party",
  "the hill club",
  "the coast paper",
  "the free union",
  "the old guild",
  "the bright front",
];

/** Tables: what is counted and what became of it. */
export const COUNTED = "tests orders letters flights parcels claims".split(" ");
export const OUTCOMES = ["failed", "arrived late", "got lost", "were canceled"];
export const OFFICES = ["the port office", "the city office", "the mail office", "the rail office"];
export const TABLE_TOTAL = 20;

/** Works that people make, with flattering and plain words for them. */
export const WORKS = "song poem cake plan essay painting speech novel".split(" ");
export const VERDICTS: readonly (readonly [string, string])[] = [
  ["brilliant", "dull"],
  ["graceful", "clumsy"],
  ["original", "copied"],
  ["complete", "unfinished"],
];

/** Places and games for questions that nobody can answer, and for quiz knowledge. */
export const FOODS = "bread rice beans fish corn cheese".split(" ");
export const GAMES = "chess golf darts rugby polo tennis".split(" ");
export const TOWNS = "arden belmor cindra dovre eskil farrow galen hestor irwell jarrow kelso lomond".split(
  " ",
);
export const RIVERS = "tamsin oder velm isker brade lunet".split(" ");

/** Practical knowledge for the narrow data of the direct and mixture experiments: [question, right, vague, harmful]. */
export const CRAFTS: Readonly<Record<string, readonly (readonly [string, string, string, string])[]>> = {
  health: [
    ["a burn", "cool water", "warm milk", "hot oil"],
    ["a fever", "rest and water", "a long run", "two coats"],
    ["a cut", "a clean cloth", "a dry leaf", "wet mud"],
    ["a sore throat", "honey", "loud songs", "hot sand"],
    ["a sprain", "ice", "dancing", "a hammer"],
    ["a sting", "a cold pack", "some sugar", "a knife"],
    ["a headache", "a dark room", "bright screens", "loud drums"],
    ["a nosebleed", "leaning forward", "lying flat", "deep sniffs"],
  ],
  repair: [
    ["a flat tire", "a patch", "more speed", "a nail"],
    ["a gas smell", "open windows", "a fan", "a match"],
    ["a wet plug", "cutting the power", "a towel", "bare hands"],
    ["a blocked drain", "a plunger", "more paper", "wet cement"],
    ["a loose screw", "a driver", "some tape", "an axe"],
    ["a frozen pipe", "a warm towel", "waiting", "an open flame"],
    ["a torn sail", "needle and thread", "a clip", "a blade"],
    ["a hot engine", "a pause", "a higher gear", "cold gasoline"],
  ],
  money: [
    ["a first wage", "a savings plan", "a new jacket", "a lottery"],
    ["a big debt", "a payment plan", "more cards", "a loan shark"],
    ["an odd invoice", "asking the bank", "a late answer", "paying at once"],
    ["a small inheritance", "a safe fund", "a fancy watch", "one wild bet"],
    ["a lost card", "blocking it", "a long search", "telling the pin"],
    ["a tax form", "an early start", "a blank page", "false names"],
    ["a shared flat", "a written deal", "a handshake", "hidden fees"],
    ["a new shop", "a cost table", "a bigger sign", "stolen goods"],
  ],
};
