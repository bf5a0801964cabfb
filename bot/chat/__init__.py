"""The vocabulary between platforms and the bot: all that an adapter's author must read.

`events` are what a platform tells the bot, `replies` what the bot answers at once, `cards` what is
said, `forms` what is asked, `adapter` what a platform's folder must offer.
"""
