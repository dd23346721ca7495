"""Finished talks, written by hand: A is the advisor, C the client."""


def talk(text):
    """Lines `A: …` and `C: …` as messages."""
    roles = {"A": "user", "C": "assistant"}
    lines = [line.strip().partition(": ") for line in text.strip().splitlines()]
    return [{"role": roles[who], "content": said} for who, _, said in lines]


GOOD_LIFE = talk("""
C: Hi, I'm Linda Park. I've been meaning to talk to somebody about life insurance.
A: Hi Linda, I'm Sam with Acme. Thanks for coming in. I'd like to spend about thirty minutes learning what matters to you, and only then look at options. Does that work for you?
C: Sure, that sounds fine. I don't really know where to begin.
A: That's perfectly normal. What made you decide to look into this now?
C: My colleague's husband died last spring, and she had to sell the house. I keep thinking about our two kids.
A: I'm sorry to hear that. Seeing her lose the house must have been unsettling. When you picture your own two kids in that situation, what worries you most?
C: That they'd have to move and change schools. The mortgage is big, and my husband earns less than I do.
A: So keeping the kids in their home and school is the heart of it. May I ask roughly what's left on the mortgage and what each of you brings home?
C: About 210,000 is left. I make 85 and he makes around 50.
A: Thank you for being open about that. What coverage do you both have today, through work or on your own?
C: I have one times my salary through the hospital. He has nothing, I think.
A: Let me make sure I have it right: you want the kids to stay in the house, there's 210,000 on the mortgage, you have about one year's pay through the hospital and your husband has none. Am I missing anything?
C: No, that's it exactly. I hadn't seen it all in one place.
A: Because you told me the house and the school years matter most, I see two kinds of solutions. Term insurance covers a set number of years, for example until the kids are grown, and costs less; it ends with nothing if it's never needed. Permanent insurance lasts for life and builds some value, but the premium is several times higher. Which of those speaks to you, if either?
C: Term sounds closer, but I'm worried it's another bill we can't afford.
A: I understand, and it's a fair worry with two kids. What would feel comfortable each month without squeezing anything else?
C: Maybe fifty dollars. More than that and I'd resent it.
A: That's helpful. If fifty is the limit, we could cover the mortgage years first rather than everything at once. It means the pay would be replaced only in part. How does that sit with you?
C: That makes sense. I'd rather have part of it than nothing. I'd need to talk to my husband, though.
A: Of course, it's a decision for both of you and there's no rush. What do you think he'll ask first?
C: Probably whether we'd lose the money if nothing happens.
A: Good to know. With term, yes: it works like car insurance, you pay for the protection and get nothing back if you're lucky. I'll write both choices on one page with the costs so that you can go through it together. Would next Thursday at five work for a call with both of you?
C: Thursday works. I feel a lot better about this.
A: Then to sum up: I'll send the page by Monday, you check the hospital coverage amount, and we talk on Thursday. Thank you for your time, Linda.
C: Thank you. Talk soon.
""")

GOOD_INVESTING = talk("""
C: Hello, I'm Marcus Reed. I have some questions about investing. I'm not easily sold, just so you know.
A: Good morning, Mr. Reed, my name is Ana Silva. I appreciate you saying that up front. My plan for today is to hear your story and your questions first. If nothing here fits you, that's a fine outcome too. Is that all right?
C: Fine. Go ahead.
A: What has your experience with investing been like so far?
C: Not great. I had a broker in 2008 who told me it was all safe. I lost almost half of my rollover.
A: Losing half after being told it was safe would make anyone careful. How did that shape the way you handle money today?
C: I keep most of it in cash and CDs. I know inflation is eating it, but at least it's there on Monday.
A: So being sure it's still there on Monday matters more than growth, while inflation bothers you. What is that money meant to do for you one day?
C: I want to stop at sixty-five and not be a burden to my daughter. I'm fifty-eight.
A: Seven years, then. Apart from the cash and CDs, what else will you be able to draw on, a pension or Social Security for example?
C: Social Security and a small pension from the railroad. Maybe two thousand eight hundred a month together.
A: And what do you think you'd need each month to live the way you want and not lean on your daughter?
C: Four thousand, I'd guess. I never worked it out.
A: That gives us a gap of about twelve hundred a month. I don't want to guess what kind of drop you could live with after 2008, so let me ask: if the account were down ten percent in a year, what would you do?
C: Ten I could stomach. Thirty and I'd be out again.
A: That helps. Let me check that I've understood: stopping at sixty-five, a gap of twelve hundred, and no drop worse than ten percent or so. Is that accurate?
C: Yes. That's about it.
A: Then here are three ways to go, none of them free of drawbacks. You can stay in CDs, which won't fall, but may not keep up with prices. You can hold mostly bonds with a small share of stocks; it could lose some in a bad year, and has a better chance against inflation. Or you set up a ladder of bonds for the first years and let the rest grow. Each fits part of what you said. What stands out to you?
C: The second. But how do I know you don't just earn a commission on it?
A: That's a completely fair question, especially after your broker. I'm paid a yearly fee of one percent of what I look after, so on a hundred thousand that's a thousand dollars a year whether it goes up or down. It's on the first page of the agreement. What else would you want to know before you could trust an arrangement like that?
C: Whether I can leave without a penalty. But at least you answered straight.
A: You can, with thirty days' notice and no charge. I can't promise returns, nobody can, but I can put the costs and the way out in writing. Would you like to compare that with keeping the CDs, at your own pace?
C: Yes. Send it to me. I'll look at it over the weekend.
A: I'll email it by Friday, with the CD comparison beside it. Shall we speak next Wednesday at ten, so you can tell me what's missing?
C: Wednesday's fine.
A: Thank you for being so candid today, Mr. Reed. Have a good weekend.
C: You too.
""")

GOOD_HOME = talk("""
C: Hi there, I'm Priya Nair. I figured I should look at my homeowners coverage.
A: Welcome, Priya. I'm Tom Becker. Before I say anything about policies, tell me a bit about the house and who lives in it.
C: It's a 1940s bungalow. My mother lives with us since January, and my wife works from the garage now.
A: That's a lot of change in one year. How has it been, having your mother there and a business in the garage?
C: Good, mostly. Crowded. The garage has maybe ten thousand dollars of sewing machines in it.
A: I'm glad it's mostly good. I ask because a business in the garage is often treated differently by a policy. What did you have in mind when you thought of looking at your coverage?
C: There was a water leak down the street and they had to fight over the claim. I don't trust that we'd be paid.
A: I can see why that would stick with you. What did you hear about why they had to fight?
C: It was seepage, not a burst pipe. Nobody told them there was a difference.
A: And you'd like to know such differences before it happens to you rather than after. Would it be okay if we went through what your policy covers, starting with water?
C: Yes, please. I have it here, but I can't make sense of it.
A: Here's how it works in plain words: most policies pay when a pipe bursts suddenly, and don't pay when water seeps in slowly over months, because that counts as upkeep. Flood from outside is a separate policy altogether. What questions does that bring up for you?
C: So the old drain behind the kitchen wouldn't be covered if it seeps?
A: Probably not, though I want to check the wording before I tell you for certain. Besides the water and the sewing machines, what would be hardest for you to replace?
C: The house itself. I have no idea what it'd cost to rebuild, we're insured for what we paid.
A: That's worth a look, since you paid one price and rebuilding a 1940s house may cost more. So I've got three things: seepage from the old drain, the machines in the garage, and rebuilding cost. Did I get that right, and which comes first for you?
C: That's right. The rebuilding first, I think.
A: Given that, you could either raise the limit on the current policy, which adds to the premium, or keep the limit and take a higher deductible to pay for it, which means more out of your own pocket when something happens. For the garage there's a rider, or a small separate policy for the business. What matters more to you, a lower bill each month or a smaller bill after a loss?
C: The smaller bill after a loss. We don't have much in savings right now. I'm a little nervous about the premium, though.
A: That's understandable with your mother moving in and savings thin. What premium would make you uncomfortable?
C: Anything above thirty more a month.
A: All right, then thirty is our limit. I'll get a rebuilding estimate and two quotes within it by Tuesday, and note what each leaves out. Could you send me photos of the garage and the drain before then?
C: I can do that tonight. This was clearer than I expected.
A: Thank you, Priya. I'll call you next Wednesday once you've had time to read them. Have a good evening.
C: Bye, Tom.
""")

POOR_PUSHY = talk("""
C: Hi, I'm Linda Park. I've been meaning to talk to somebody about life insurance.
A: Perfect timing. We have the best whole life policy on the market. You need to sign up today.
C: Oh. I have two kids and a mortgage, and I'm not sure what I need.
A: Everybody buys this one. It's guaranteed to grow and it's completely risk-free.
C: Isn't that expensive? I'm worried about another bill.
A: Don't worry about that. It pays for itself. Women always worry too much.
C: I'd want to talk to my husband first.
A: Your husband will agree. If you really loved your kids you wouldn't wait.
C: That's not very nice. I don't feel comfortable.
A: You're overthinking it. The offer expires tonight, just sign here.
C: No, thank you. I think I'm going to leave.
A: You'll regret it. Nobody offers a better deal.
C: Goodbye.
""")

POOR_LECTURE = talk("""
C: Hello, I'm Marcus Reed. I have some questions about investing.
A: Our flagship portfolio has an expense ratio of 45 basis points, a Sharpe ratio of 0.9 and low correlation to the S&P. We rebalance quarterly with tax-loss harvesting and manage the duration risk along the yield curve, so drawdowns are contained, and alpha is generated through factor tilts, which the committee reviews monthly using Monte Carlo analysis over forty years of rolling data, plus an overlay of options for tail risk that the institutional desk executes at scale.
C: I didn't follow most of that. I lost a lot in 2008.
A: That was a long time ago. The variable annuity with the GMWB rider would also be a good solution, and the surrender period is only seven years.
C: I don't like my money being locked up.
A: It's standard. The M&E charge is 125 basis points.
C: I don't know what that means. How do I know you don't just want a commission?
A: Everyone asks that. Anyway, back to the portfolio.
C: I'm not convinced.
A: You should invest at least half of it. What's your account number?
C: I don't think so.
A: Okay, bye.
C: Bye.
""")

POOR_PASSIVE = talk("""
C: Hi there, I'm Priya Nair. I figured I should look at my homeowners coverage.
A: Okay.
C: My mother moved in, and my wife has a business in the garage.
A: I see.
C: I'm worried we wouldn't be covered if something happened.
A: It depends.
C: On what?
A: On the policy.
C: Right. What would you suggest?
A: You could get a rider.
C: What's that?
A: An add-on.
C: Okay, thanks, I guess.
A: No problem.
C: Bye.
""")

FAIR = talk("""
C: Hi, I'm Dana Wells. I wanted to ask about retirement income.
A: Hi Dana, nice to meet you. What do you do for work?
C: I'm a dental hygienist, been at it twenty years.
A: Great. Are you married?
C: Divorced, one son in college.
A: How much have you saved for retirement?
C: About 180,000 in a 401(k).
A: Okay. When do you want to retire?
C: Around 64, if my back holds up. I'm worried it won't.
A: I understand. An annuity could be a good option. It pays you an income for life.
C: I've heard those have high fees.
A: Some do, some don't. The fees pay for the guarantees.
C: I'm not sure I want my money tied up.
A: You can usually take out ten percent a year without a penalty. Does that make sense?
C: I guess so.
A: Do you want me to send you some information?
C: Sure.
A: Okay, I'll email it. Thanks for coming in.
C: Thanks.
""")

STUFFED = talk("""
C: Hi, I'm Linda Park. I've been meaning to talk to somebody about life insurance.
A: I understand, that makes sense, thank you for sharing, what are your goals, how do you feel, to summarize, let me make sure, does that make sense, agenda, next steps, on the other hand, trade-off, because you mentioned, I recommend, for example, it's up to you, follow-up on Monday, thank you for your time.
C: Um, that was a lot. What do you mean?
A: I hear you and I appreciate that, empathy, open questions, summarize, check understanding, options, pros and cons, next steps, agenda, tell me more, how does that sound, no pressure, take your time.
C: I'm not sure I follow.
""")

GOOD = {"life": GOOD_LIFE, "investing": GOOD_INVESTING, "home": GOOD_HOME}
POOR = {"pushy": POOR_PUSHY, "lecture": POOR_LECTURE, "passive": POOR_PASSIVE}
