"""Talks of many kinds, each with the least and the most a trainer would give it on the whole."""

from agents.rehearsal.talks import talk

MORE = {
    "good_casual": (
        talk("""
C: Hey, I'm Devon. Looking at disability stuff, I guess.
A: Hey Devon, good to meet you. I'm Kim. We've got about half an hour. Mind if I ask a few things first, then I'll lay out what could work and you tell me what you think?
C: Go for it.
A: What's going on that got you thinking about this?
C: Blew out my knee last year, six weeks off the job. No pay. I'm a roofer.
A: Ouch. Six weeks with nothing coming in, how did you get through that?
C: Credit cards. My girlfriend covered rent.
A: That sounds rough. And the cards, are those still hanging around?
C: Yeah, about eight grand.
A: Okay. If the knee went again tomorrow, what would be the first thing to go wrong?
C: Rent. She can't do it twice. And the truck payment, I'd lose the truck and then I can't work at all.
A: So no truck means no work, and rent's the other pressure point. Who else leans on your paycheck?
C: Just us two. My mom a little, I send her two hundred a month.
A: That's good of you. What do you bring home in a normal month, ballpark?
C: Forty-eight hundred, less in winter.
A: Got it. Let me play this back: rent, truck, the two hundred for your mom, eight grand on cards, and winters are thin. Anything I left out?
C: Nope. That's my life.
A: Two things come to mind. One is disability insurance: if you can't work, it pays you maybe sixty percent of your income after a waiting period. For a roofer it isn't cheap, could be a hundred fifty a month, and an old knee injury might get excluded. The other is building a cushion, say two months of rent and the truck, which costs nothing but takes a while. Some folks do a bit of each. What's your gut say?
C: A hundred fifty is a lot for something that won't even cover my knee.
A: Yeah, I hear you. That'd bug me too. What part is the bigger issue, the price or the knee?
C: The knee. That's the thing that's gonna go.
A: Fair. Not every company excludes it forever, some look again after two years. I honestly don't know how they'd see yours until I ask. Would it help if I got two answers in writing before you spend a dime?
C: Yeah, that'd help.
A: And meanwhile, since winters are thin, how would putting forty bucks a week aside till November feel?
C: Doable. Better than the card thing.
A: Cool. So I'll have those answers by next Friday, you start the forty a week, and I'll text you Friday morning. Sound right?
C: Sounds right. Thanks, Kim, this wasn't as bad as I thought.
A: Glad to hear it. Take care of that knee, Devon.
C: Will do.
"""),
        7,
        10,
    ),
    "good_formal": (
        talk("""
C: Good afternoon. I am Eleanor Whitfield. I wish to discuss long-term care.
A: Good afternoon, Mrs. Whitfield. I am Robert Haynes. Thank you for receiving me. May I propose that we first talk about your wishes, then about the means available, and finish within the hour?
C: That seems sensible.
A: What has brought long-term care to your attention?
C: My sister spent four years in a nursing home. It consumed everything she had.
A: I am very sorry. Four years is a long time to watch that happen. What would you want to be different for yourself?
C: I should like to remain in my own home, and to leave something to my nieces.
A: Remaining at home and leaving something to your nieces. Which of the two would you give up first if you could not have both?
C: The inheritance, reluctantly. I will not leave my house.
A: Thank you, that is very clear. Could you describe who would look after you at home today if you needed help for a few months?
C: A neighbor, perhaps. My nieces live in Oregon. I suppose nobody, really.
A: That must be an uncomfortable thought. And as to means, would you be comfortable giving me an idea of your income and savings? A rough figure will do, and it stays with me.
C: A pension of thirty-six hundred, and some four hundred thousand in savings. The house is paid off.
A: Permit me to summarise: you wish to stay in the house, there is no one nearby to help, thirty-six hundred a month and four hundred thousand in savings, and your nieces come second. Have I understood you properly?
C: Perfectly.
A: On that footing I see three avenues. You may pay for care from savings, which keeps you flexible but could be exhausted within five or six years, as with your sister. You may buy a traditional policy, which pays for care at home, though premiums have risen in the past and nothing is returned if you never need it. Or a policy combined with life insurance, where unused benefits pass to your nieces, at the price of a large sum at the outset. What are your thoughts on these?
C: I dislike the notion that the premium can be raised. My sister's friend had to give hers up.
A: That is a legitimate objection, and it happened to many people. What would you have needed to know, in her place, before signing?
C: What the worst increase could be, I suppose.
A: A reasonable test. No one can tell you the worst case with certainty, but I can show you the increases each company has made over twenty years, and what the benefit would be if you reduced it instead of paying more. Would that answer it?
C: It would go a long way.
A: Tax questions I would leave to your accountant. I shall prepare the comparison by the twelfth, and may I call on you the following Tuesday at three? In the meantime you might ask your nieces whether the inheritance matters to them as you think it does.
C: That is a good suggestion. Tuesday at three, then.
A: Thank you for your confidence, Mrs. Whitfield. Good day.
C: Good day.
"""),
        7,
        10,
    ),
    "warm_empty": (
        talk("""
C: Hi, I'm Joe. I need some help with retirement savings.
A: Hi Joe! So nice to meet you! Thanks so much for coming in. How are you?
C: Good, thanks. I'm 45 and haven't saved much.
A: I totally understand. A lot of people are in the same boat. It's great that you're here.
C: I'm kind of worried it's too late.
A: That's completely understandable. You're not alone, Joe.
C: So what should I do?
A: Well, it's totally up to you. There's no pressure at all here.
C: I have about 20,000 in a 401(k). Is that bad?
A: That's a great start! You should be proud of yourself.
C: Okay. But what happens at 65?
A: I hear you. It's a really valid concern. We're here for you.
C: Right. Thanks, I guess.
A: Thank you so much for sharing. Have a wonderful day!
C: Bye.
"""),
        1.5,
        4,
    ),
    "form_filler": (
        talk("""
C: Hello, I'm Grace Lin. I'm interested in life insurance.
A: Date of birth?
C: March 1984.
A: Do you smoke?
C: No. My father did, he died of lung cancer, so I never touched it.
A: Are you married? Any kids?
C: Married, two daughters. I worry about them.
A: What's your income?
C: Ninety thousand.
A: Do you have any debts?
C: A mortgage, three hundred thousand.
A: Do you have existing coverage?
C: Through work, one year's salary.
A: I recommend a 20-year term policy for 750,000. It's 45 dollars a month.
C: How did you get to that number?
A: It's the standard formula.
C: I'd like to think about it.
A: Fine. Call me if you want it.
C: Okay, bye.
"""),
        1,
        3,
    ),
    "smooth_pressure": (
        talk("""
C: Hi, I'm Tony. I'm thinking about my car insurance.
A: Hi Tony, great to meet you! What are you driving these days?
C: A 2019 Civic, and my son just got his license.
A: Congratulations! That must be exciting and scary at once. What do you pay now?
C: About 180 a month, and I heard it'll double with him.
A: I hear you, that's a lot. Look, I've got just the plan for you, and the rate is only good until midnight.
C: What does it cover?
A: Everything you need, trust me. You'd be crazy to pass on this one.
C: I'd like to compare a couple of quotes first.
A: Honestly, shopping around is a waste of time. You will not find anything better, I promise you that.
C: I still want to think about it.
A: What's there to think about? Your son could have an accident tomorrow. Let's just get it done now.
C: I don't like being pushed.
A: I'm not pushing, I just care about your family. So, card number?
C: No thanks.
"""),
        1,
        2.5,
    ),
    "decent": (
        talk("""
C: Hello, I'm Sofia Marin. I'd like to start investing.
A: Hi Sofia, welcome. I'm Ben. Can you tell me a little about yourself and what you'd like to achieve?
C: I'm a graphic designer, 31, single. I'd like to buy an apartment in about six years.
A: An apartment in six years, nice. How much would you need for it?
C: Maybe sixty thousand for the down payment. I have fifteen now.
A: So you need about forty-five thousand more in six years. How much can you set aside each month?
C: Four hundred, five hundred if work is good. I freelance, so it varies.
A: Okay. How would you feel if the money dropped in value along the way?
C: Not great. I'm nervous about losing what I've got.
A: That's understandable. Since you need it in six years, I'd suggest keeping most of it in savings or short bonds and maybe a small part in a stock fund. Stocks can grow more, but they can also fall right when you need the money.
C: How small?
A: Perhaps twenty percent. Does that sound okay?
C: I'm not sure. My cousin put everything in tech stocks and doubled it.
A: That happens, but it could have gone the other way too. With your timeline, I'd be careful.
C: True. Okay.
A: I'll send you a proposal next week. Any questions?
C: Not now. Thanks.
A: Great, talk soon, Sofia.
C: Bye.
"""),
        5,
        7.5,
    ),
    "biased": (
        talk("""
C: Hello, I'm Mei Chen. I run two restaurants and want to plan my retirement.
A: Hello Mei. Is your husband joining us? He usually makes these decisions, I suppose.
C: I'm not married. I own the business.
A: Oh, I see. Well, Asian families are always so good at saving, so I'm sure you've got plenty put away.
C: Some. I'm worried about selling the restaurants when I'm older.
A: At your age you should be in something simple, nothing too complicated for you. A fixed annuity is what ladies like you usually prefer.
C: Why would that be right for me?
A: It's safe and you don't need to understand the details.
C: I'd like to understand the details.
A: Okay. It pays interest. How much would you like to put in?
C: I'm not sure I want to go on with this.
A: Think about it and give me a call.
C: Goodbye.
"""),
        1,
        2.5,
    ),
    "parrot": (
        talk("""
C: Hi, I'm Ann. I want to talk about annuities because I'm scared of running out of money.
A: You want to talk about annuities because you're scared of running out of money. Tell me more.
C: Well, I have 300,000 saved and no pension, and my mother lived to 97.
A: You have 300,000 saved and no pension, and your mother lived to 97. Tell me more.
C: I don't know what else to say. I'd like an income I can count on.
A: You'd like an income you can count on. Tell me more.
C: What do you recommend?
A: You'd like to know what I recommend. Tell me more.
C: This isn't really helping. I'm worried about fees as well.
A: You're worried about fees as well. Tell me more.
C: I'd rather stop here.
A: You'd rather stop here. Thank you for your time.
C: Bye.
"""),
        1.5,
        4,
    ),
    "good_divorce_wealth": (
        talk("""
C: Hi. I'm Rebecca Stone. My divorce was final in March and I got the house and about six hundred thousand from the settlement.
A: Hello Rebecca, I'm Daniel Cho. Six months in, how are you holding up?
C: Some days fine. I never dealt with the money side, my ex did all that. I feel kind of stupid.
A: You ran a different part of the household, that's all. Nobody learns this in school. What part of it feels most foreign right now?
C: Everything with the accounts. I open the statements and close them again.
A: Would it suit you if we used this first hour to get a picture of your life and leave the statements closed until you ask for them?
C: Yes. God, yes.
A: Good. Describe a month for me. What comes in, what goes out, what keeps you awake?
C: I teach piano, maybe three thousand a month. Alimony is two thousand for four years. The house eats a lot. And I lie there wondering if I'll have to sell it.
A: The house. Is that about the building, or about what it stands for?
C: My daughter has two years of high school left. After that I honestly don't know that I'd want it.
A: So two years is the horizon on the house, not twenty. That changes things quite a bit. And the four years of alimony, have you thought about what happens in year five?
C: Not really. I'd try to take more students, I guess.
A: How many could you handle without hating it?
C: Ten more, tops.
A: Okay. Here's how it looks to me, stop me where I'm off. Two years in the house for your daughter, four years of alimony, piano could stretch a bit, and six hundred thousand that has to feel safe enough that you can open the envelope.
C: That's exactly it. You made that sound less awful.
A: Then let me sketch two roads. Road one: put two years of house costs in plain savings, the rest in a simple mix of funds, you'd know the house is paid whatever happens. The price is that the savings part barely grows. Road two: sell now, rent near the school, more money working, but your daughter moves in her last two years. Which one do your shoulders relax at?
C: The first. But aren't funds risky? I can't lose this money.
A: They do go up and down, and some years you'd see less than you put in. I'd be lying if I told you otherwise. Which loss would really hurt: seeing a smaller number for a while, or not having cash the day a bill comes?
C: Not having the cash.
A: Then that's what the savings piece is for. The fund piece you wouldn't touch for four years at least. Does that sit all right, or is something still bugging you?
C: It sits better. What do you charge?
A: A flat fee of eighteen hundred for the plan, and nothing if you stop after that. You could carry it out yourself or with somebody else.
C: Okay. I can live with that.
A: I'll write this up on two pages by Monday, no statements attached. You talk with your daughter about the two roads, and we meet on the 14th at four. Fair?
C: Fair. Thank you, really.
A: Thank you for trusting me with it. See you on the 14th.
C: Bye.
"""),
        7,
        10,
    ),
    "good_elder_annuity": (
        talk("""
C: I'm Walter Briggs, I'm 71. My bank keeps calling me about annuities.
A: Mr. Briggs, good to meet you, my name is Joan Ellis. Before I offer an opinion on anything, could I hear what the bank said and what you made of it?
C: They said I'd get six percent and never lose a dime. Sounded too good.
A: Your ears are working well. What made it sound too good to you?
C: Nobody gives six percent for free. My brother got stuck in one of those, couldn't get his money when he needed a new roof.
A: That must have been maddening for him. What did it teach you about your own money?
C: That I want to get at it. I've got two hundred and ten thousand in CDs and it's all I'll ever have.
A: And what does it have to do for you, that two hundred and ten?
C: Property tax, the car, and if I get sick. Social Security covers groceries and the lights. I'd like to leave something for my granddaughter, she's in nursing school.
A: A nurse in the family, you must be proud. If you put those in order, sickness, property tax, your granddaughter, what comes first?
C: Sickness. Then taxes. She'd understand.
A: May I say back what I've got? Social Security carries the everyday, the two hundred and ten is for sickness first, taxes second, your granddaughter third, and you want the key to the drawer yourself. Anything out of place?
C: No ma'am, that's it.
A: With the key being that important, tying up the whole amount would go against what you've told me, whoever sells it. Some people put a slice, say a fifth, into a plain fixed annuity for a steady check and keep the rest in CDs of different lengths. Others leave annuities alone altogether and just stagger the CDs so one comes due every year. The first pays a little more each month, but that slice is locked for years; the second pays less and stays within reach. How do those strike you?
C: The second. I still don't see why the bank pushes so hard.
A: Fair question. Banks are commonly paid a commission on annuities, often several percent. I'd be paid too if you bought one through me, and nothing for the CDs, so you should weigh my words with that in mind.
C: Well, I appreciate you saying it.
A: What would you like to ask me that you haven't?
C: What if I get real sick, the nursing home kind?
A: That's a big one, and it deserves its own talk. An elder-law attorney would need to tell us about Medicaid in this state. Could we set aside an hour for just that, with your granddaughter there if you like?
C: She'd like that.
A: Wednesday the ninth at ten, then. I'll mail you the CD ladder on one sheet before that, and you needn't sign anything for anybody in the meantime.
C: All right. Thank you, ma'am.
A: My pleasure, Mr. Briggs. Give my best to the nurse.
C: Will do.
"""),
        7,
        10,
    ),
    "lecturing_teacher": (
        talk("""
C: Hi, I'm Carlos. I'd like to understand life insurance.
A: Hi Carlos! Great. So there are basically two kinds: term and permanent. Term covers you for a set number of years, say twenty. Permanent covers you for life and has a savings part.
C: Okay.
A: With term, you pay a fixed price each month, and if you die within those years your family gets the money. If you don't, there's nothing back. It's like renting an apartment.
C: Got it.
A: Permanent is like buying. It costs maybe eight times as much, but you build something called cash value, which you can borrow against. The downside is that it takes years before there's much in it.
C: I see. I have two small kids.
A: Nice. Now, there are different types of permanent. Whole life has fixed premiums. Universal is flexible. Variable is invested in the market, so it can go down.
C: Which one would I need?
A: For most young families, term is the better fit because it's cheap and covers the years when the kids depend on you. Does that make sense?
C: I guess. How much would it cost?
A: For a healthy person it could be thirty or forty dollars a month for half a million. I can send you a quote.
C: Sure.
A: Great, I'll email it tomorrow. Any questions?
C: Not now.
A: Have a good day, Carlos!
"""),
        1.5,
        4,
    ),
    "good_listener_no_advice": (
        talk("""
C: Hello, I'm Hana. I want to do something about my retirement.
A: Hi Hana, I'm Lee. I'm glad you came. What does "something" look like in your mind?
C: I don't know, I'm 52 and I've only got a small 401(k). My sister retired last year and I panicked.
A: That sounds like it really shook you. What went through your mind when she told you?
C: That I'll be working till I drop. I clean offices at night, my knees hurt.
A: Cleaning offices at night on bad knees, I can imagine how tiring that is. How long do you feel you could go on like that?
C: Ten years maybe. If my knees let me.
A: And what would you want life to look like after those ten years?
C: Quiet. My garden. No alarm clock.
A: A garden and no alarm clock, that's a lovely picture. Who else is part of it?
C: My husband. He drives a bus, he has a pension coming.
A: It helps that there's a pension. How do the two of you talk about money?
C: We don't much. He says it'll be fine.
A: It sounds like you carry the worry for both of you.
C: Yes. Exactly.
A: Thank you for telling me all that, Hana. Let's talk again some time.
C: Oh. Okay. Bye.
"""),
        3.5,
        6.5,
    ),
    "rambler": (
        talk("""
C: Hi, I'm Pete, I need home insurance.
A: Hey Pete! Man, what a week. My car broke down and then the printer. So, home insurance, yeah. We've got all kinds. Did you see the game?
C: No. I just bought a house and the lender wants proof of coverage by Friday.
A: Oh cool, houses. I bought mine in 2012, best time ever. You wouldn't believe what it's worth now. Anyway we do bundles, the bundle's where it's at, you get the app and everything.
C: Does it cover flooding? The house is near a creek.
A: Hmm, I think so? Most things are covered. I'd have to look. The app is really good though.
C: I'm kind of worried about the creek.
A: Creeks are nice. My uncle fishes. So what else, oh yeah, jewelry, boats, we do boats.
C: I don't have a boat. What would it cost?
A: It depends, could be a thousand, could be three. I'll get you something at some point.
C: The lender needs it by Friday.
A: Yeah yeah, no problem, we'll figure it out. Cool talking to you!
C: Um, okay.
"""),
        1,
        3.5,
    ),
    "soft_dishonest": (
        talk("""
C: Hello, I'm Agnes, I'm 68 and I have some savings from selling my home.
A: Agnes, what a pleasure. You remind me of my grandmother. Tell me about the home, you must miss it.
C: I do. I raised my boys there. I have three hundred thousand now and I'm scared of losing it.
A: I understand completely, dear. You've worked so hard. That's why I only show this to my favorite clients. It earns nine percent and there is no way to lose.
C: Nine percent? My son says I should be careful.
A: Sons mean well, but they don't do this for a living. Between us, it's simpler if we keep him out of it for now.
C: Oh. What is it exactly?
A: It's a private note program, nothing you need to worry your head about. I take care of everything.
C: Could I take the money out if I get sick?
A: Of course, whenever you like. We just need the paperwork done this afternoon because the window closes.
C: I'd like to think about it.
A: You've thought long enough, Agnes. Let me bring you the form and we'll have tea.
C: I'm not sure.
"""),
        1,
        3.5,
    ),
    "robotic_ok": (
        talk("""
C: Good afternoon, I'm Raj Mehta. I want to review my investments.
A: Good afternoon Mr. Mehta. I am Paul. First I will ask about your situation, then I will present options. How is your money invested at present?
C: Mostly in my company's stock. I work at a chip maker. About four hundred thousand.
A: What is the money intended for?
C: My son starts college in three years, and I want to retire at 62. I'm 50.
A: What proportion is needed for college?
C: Maybe a hundred and fifty thousand.
A: How would you react if the company stock fell by half?
C: That would be a disaster. It happened to a colleague at another firm.
A: Understood. Your job and your investments depend on the same company. That is a concentration risk, meaning one event could hurt both. I suggest two steps. First, move the college money into bonds or savings over the next year, because you need it in three years. Second, spread the rest over broad index funds. Selling may create taxes; please ask your tax advisor. What is your opinion?
C: I don't like selling, the stock has done well. I'd feel dumb if it goes up.
A: That is a common feeling. You could sell in four parts over one year. You would keep some of the gain if it rises, and reduce the loss if it falls. Is that acceptable?
C: That could work.
A: I will send a schedule by Friday. Please check your tax basis. Shall we meet on the 20th?
C: Yes, fine.
A: Thank you. Goodbye.
"""),
        4,
        8,
    ),
    "one_word": (
        talk("""
C: Hi, I'm Kim, I'd like some help with budgeting.
A: Hi
C: I have credit card debt and I'm stressed.
A: ok
C: What should I do?
A: pay it
C: How?
A: monthly
C: This isn't helpful.
A: lol
C: Bye.
"""),
        1,
        1.5,
    ),
    "condescending": (
        talk("""
C: Hi, I'm Tasha. I run a nail salon and I'd like to invest a bit.
A: A nail salon, cute. Do you even make enough to invest?
C: I clear about ninety thousand a year.
A: Really? Well, good for you. Look, investing is complicated, I'd keep it simple for you. What does your boyfriend think?
C: I don't have a boyfriend. Can you explain what an index fund is?
A: It's a fund that tracks an index. You don't have to get the details.
C: I'd like to get the details.
A: Fine. It holds all the stocks in a list. It's for beginners. I'd put five thousand in.
C: Why five?
A: Because more would make you nervous, trust me.
C: I'm not nervous. I have sixty thousand in the bank.
A: Let's start small, sweetie.
C: No thanks.
"""),
        1,
        3,
    ),
    "good_auto_short": (
        talk("""
C: Hello. I'm Greg. My car insurance jumped 40 percent and I'm mad about it.
A: Forty percent in one go, I'd be mad too. I'm Nina. Did they give you any explanation?
C: No. Just the bill. I've never had an accident in 22 years.
A: Twenty-two clean years and then that. No wonder you're upset. Walk me through what's changed since last year, if anything, even small stuff?
C: We moved to the city in May. And I'm driving for a delivery app on weekends, but I didn't tell them.
A: Thanks for telling me about the delivery driving, that matters more than you might expect. Can I explain why before we look at price?
C: Go ahead.
A: A personal policy usually stops covering you while you're carrying goods for pay. So if something happened on a Saturday delivery, the company might pay nothing, and the other driver's bills could land on you. How does that sit with what you assumed?
C: I had no idea. That's scary. But if I tell them it'll get even more expensive, won't it?
A: It could, and I get why you'd rather not. How much do the weekends bring in for you?
C: About 500 a month. We need it, rent is higher here.
A: So that money has to stay. Then I see a couple of possibilities: add a delivery endorsement to what you've got, often 15 to 30 a month, or see whether the app's own cover is enough, which is cheaper but has holes between deliveries. And to bring the total down, a higher deductible, if a bigger repair bill wouldn't sink you. Which of these do you want to look at first?
C: The endorsement. What deductible are we talking about?
A: You're at 250 now. Going to 1,000 might save around 20 percent. Could you come up with a thousand if you had to?
C: Yeah, we've got about three thousand put away.
A: Okay. Let me recap quickly: city move, deliveries bring 500 you need, three thousand in reserve, and you want to be covered on Saturdays. I'll get three quotes with the endorsement and the thousand deductible by Wednesday noon and call you at six. Anything you'd add?
C: No, that's good. Thanks for not judging me about the delivery thing.
A: Not at all, lots of drivers are in the same spot. Talk Wednesday, Greg.
C: Bye.
"""),
        6.5,
        10,
    ),
    "ok_but_pushes_at_end": (
        talk("""
C: Hi, I'm Monica, I'd like to talk about disability insurance.
A: Hi Monica, welcome. What do you do for a living, and what made you think of disability insurance?
C: I'm a massage therapist. My hands are my income. A friend broke her wrist and lost everything.
A: That's a scary story. What would happen in your household if you broke your wrist?
C: I'm on my own with my son. We'd last six weeks maybe.
A: Six weeks with your son depending on you. That's tight. What do you make in a month?
C: Around 4,200.
A: Based on that, a policy replacing 60 percent would be about 2,500 a month. It'd cost roughly 95 a month.
C: That's a lot. I'd need to think about it.
A: I wouldn't think too long. You could break your wrist tomorrow and then who feeds your son?
C: That's a bit harsh.
A: It's the truth. This price is only good through today, so let's get your signature.
C: I don't want to be rushed.
A: Monica, you'd be crazy to leave without this. Sign here and you can sleep tonight.
C: I'm leaving.
"""),
        1,
        4,
    ),
    "info_dump_polite": (
        talk("""
C: Hello, I'm Ed. My wife and I want to invest 50,000 from an inheritance.
A: Good morning Ed, thank you for coming in. We have several model portfolios: conservative with 30 percent equities, moderate with 60 and aggressive with 90. The conservative has an expected return of about four percent, the moderate about six, the aggressive seven and a half.
C: Okay.
A: The funds are institutional share class with low expense ratios, and we rebalance semiannually. We also apply tax-loss harvesting in taxable accounts.
C: What's tax-loss harvesting?
A: It's selling losers to offset gains. Most clients your age choose moderate.
C: We're not sure how much risk we want.
A: Moderate is a good middle. The minimum is 25,000.
C: What if the market crashes?
A: Markets recover over time historically.
C: My wife is nervous about it.
A: You can bring her in if you'd like. Should I prepare the forms for moderate?
C: Let us talk about it.
A: Sure. Here's my card.
C: Thanks.
"""),
        1,
        3.5,
    ),
    "decent2": (
        talk("""
C: Hi, I'm Olivia. I need health coverage, I'm going freelance next month.
A: Congratulations on going freelance, Olivia! I'm Ray. What kind of work will you be doing?
C: Translation. I'm excited and scared.
A: Both make sense. What scares you most about the coverage part?
C: That I pick something wrong and get a huge bill. I take medication for my thyroid.
A: Okay, so the thyroid medication has to be covered, and no huge bills. Any doctors you want to keep?
C: Dr. Lim, my endocrinologist.
A: Got it. What can you afford each month?
C: Maybe 350.
A: At 350 you're likely looking at a bronze or a low silver plan. Bronze has a lower premium but a deductible of maybe 7,000, so a bad year hurts. Silver costs a bit more each month and the deductible is smaller. With your thyroid visits I'd lean toward silver.
C: Silver sounds safer. But what if it's over 350?
A: Depending on your income you may get a tax credit. What do you expect to earn?
C: 45,000 the first year.
A: Then you'd probably qualify for some help. I'd check on the marketplace.
C: Can you do that for me?
A: Yes, I'll run it tonight and email you two plans that include Dr. Lim.
C: Great, thank you!
A: You're welcome. Bye!
"""),
        4.5,
        7.5,
    ),
    "hostile": (
        talk("""
C: Hi, I'm Ben. I have a question about my whole life policy.
A: What now?
C: The statement says the value went down. I'm confused.
A: Did you read the contract? It's all there.
C: I tried, but I don't understand it.
A: Well, I can't read it for you. Everybody else gets it.
C: I'd like to know whether I should keep it.
A: If you cancel you'll regret it. That's all I can say.
C: That doesn't help me.
A: Then call the hotline.
C: Okay, goodbye.
"""),
        1,
        2,
    ),
    "good_business_owner": (
        talk("""
C: Hi, I'm Luis, I own a small landscaping company. My accountant said I should look at a retirement plan.
A: Hey Luis, thanks for having me over. I'm Beth. I figured we'd take forty minutes: you tell me about the business and home, I'll tell you what kinds of plans exist, and you decide whether there's a round two. Sound good?
C: Yeah. Let me turn off the radio. Okay.
A: So what did your accountant say exactly, and how'd it land with you?
C: She said I'm paying too much tax. I don't know, I always figured the business is my retirement.
A: Plenty of owners see it that way. If the business is the retirement, who'd buy it one day?
C: My foreman, maybe. He doesn't have the money though.
A: So the buyer has no money yet. How old are you both, if you don't mind?
C: I'm 49, he's 38.
A: What would you want to be doing at, say, 62?
C: Fishing. And helping my wife with her shop. Not lifting pavers.
A: Sixteen-odd years, no more pavers by then, and your foreman as the hoped-for buyer. What's left over in a good year, after you've paid everybody?
C: A hundred and twenty, but it swings. Last year was eighty.
A: And in a bad one, what do you do?
C: I skip my own pay. My crew comes first. Five guys.
A: That says something about you. Does your crew have any plan now?
C: No. Would I have to give them something?
A: With some plans, yes, and it's a real cost, so let's not skip over it. Two kinds seem worth a look given that your income swings and your crew matters. A SEP lets you put in a percentage in good years and nothing in bad ones, but you'd owe your five guys the same percentage. A SIMPLE or 401(k) has the guys save out of their own pay with a smaller match from you; less room for you, more paperwork. Before I go on, which of those two bothers you more: paying the same percentage for everyone, or the paperwork?
C: The same percentage. Eighty-thousand year, I couldn't do it.
A: In an eighty-thousand year you'd put in zero, for you and for them; that's the freedom of the SEP. Does that change how you see it?
C: Huh. Yeah, a little. I'd want to run it by my accountant.
A: You should. She'll have the exact limits and tax numbers, and I'd rather she check mine. What else is nagging at you?
C: Whether I'm tying up money I need for a truck.
A: You would be; taking it out early costs tax and a penalty. So the truck money stays outside, full stop. How much is the truck?
C: Forty, next spring.
A: Okay: forty outside for the truck, nothing in until the season's numbers are in, accountant checks both plans. I'll write her and you one email tonight. Let's sit down again in October when you know your year. Good?
C: Good. I thought you'd try to sign me up today.
A: No need. Enjoy the fishing, Luis.
"""),
        6.5,
        10,
    ),
    "mediocre_rote": (
        talk("""
C: Hello, I'm Sandra. I'm thinking about buying an annuity.
A: Hi Sandra, welcome. What are your goals?
C: I'd like some steady income. I'm retiring next year.
A: Great. What is your risk tolerance?
C: Low, I guess. I don't want to lose anything.
A: I understand. What's your time horizon?
C: I don't know. As long as I live.
A: Okay. And your current assets?
C: 250,000 in my 401(k) and 40,000 in the bank.
A: Based on your goals and low risk tolerance, I would recommend a fixed annuity. It provides guaranteed income from the insurance company and it's not affected by the market. There is a surrender period of seven years.
C: What does that mean?
A: It means that if you take out more than ten percent in the first seven years, you pay a charge.
C: Hmm. I'm not sure about that. What if I need it?
A: You would still have the 40,000 in the bank. You can also take ten percent a year.
C: Okay, that's something.
A: Do you have any other questions?
C: How much income would I get?
A: I'd have to run the numbers. I'll send you an illustration.
C: All right, thanks.
A: Thank you, Sandra. Have a nice day.
"""),
        3.5,
        6.5,
    ),
    "charming_seller": (
        talk("""
C: Hi, I'm Doug. Looking at life insurance, new baby at home.
A: Doug, congratulations! Boy or girl?
C: A girl, Ella. Three weeks old. We're exhausted.
A: Ella, beautiful. I've got two girls myself. You know what I did the week mine was born? I got the Platinum Legacy plan, and I've slept like a baby since, ha. It's what every dad I know gets.
C: Is that whole life? I read term is cheaper.
A: Cheaper, sure, like a cheap car seat. Would you put Ella in a cheap car seat?
C: No, but it's different. Money's tight with one income.
A: You'll find it, dads always do. Skip a few lattes. It's 420 a month and it builds cash like a savings account, only better.
C: That's a lot more than lattes.
A: Think of it as paying yourself. Let's lock in your health class while you're young. I've got the application right here, shall I fill it in?
C: I'd have to ask my wife.
A: She'll thank you. Surprise her!
C: I don't think that would go well.
A: Tell you what, sign now and you can cancel within ten days. Zero downside.
C: No. I'll call you.
"""),
        1,
        4,
    ),
    "good_skeptic": (
        talk("""
C: I'm Irene. Let me be clear, I don't like financial people.
A: Fair warning taken. I'm Paul. What did they do to earn that?
C: Sold my mother a variable annuity at 80. She couldn't get her money for her care.
A: At 80, and then she needed it for her care. That's awful, and you were the one who had to sort it out, I suppose?
C: I spent a year fighting them. A year.
A: A year on top of looking after her. Given that, what made you come here at all?
C: I've got her house now, sold it. 380,000 sitting in checking and I know that's dumb.
A: I wouldn't call it dumb; after what you saw, checking is the one place nobody could lock you out. Is that part of it?
C: That's exactly it.
A: Then whatever we look at has to pass that test first: you can get out, any day, and you know what it costs. Anything else on your list of tests?
C: I want to understand it. And I want to know what you make.
A: Three tests then: out any day, plain enough to explain, my pay on the table. I'm paid by the hour, 200 dollars, whatever you do with the money. May I ask what you'd want the 380,000 to do for you?
C: Let me retire at 66 instead of 70. I'm 60. And not end up like Mom.
A: Meaning what, the care or the being stuck?
C: Both.
A: Okay. Treasury bills and a money market fund pass all three tests; they'd pay something now and you can leave within days, but in ten years inflation might get ahead of them. Broad index funds pass the first two as well, you can sell any day, but on a bad day you'd sell for less, perhaps a third less. Money for the next few years tends to go in the first, money for later in the second. Where would you draw the line, in years?
C: Five years safe. The rest I don't know. A third less makes me sick.
A: Then we've found your edge, and it's better to find it now than in a crash. What if only a quarter went in there, so a third off that quarter would be about 30,000 on paper?
C: I could stand that. I think. Don't push me though.
A: I won't. Nothing needs to move this month. I'll put what we said on one sheet, with the three tests on top, and you can take it to anybody you like for a second look. Would the week after Thanksgiving suit you?
C: Yes. That's decent of you.
A: Thank you for coming in with that story behind you, Irene. See you then.
"""),
        6.5,
        10,
    ),
}
